import Oracles
import Testing

/// Tests a table with text, gaps, dates and European numbers, from training to prediction.
@Suite struct MixedTableTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let cities = ["Bern", "Chur", "Genf"]
    let rows = (0..<30).map { row in
      let income = row % 7 == 3 ? "NA" : "1.\(200 + 10 * row),5"
      let city = row == 5 ? "" : cities[row % 3]
      return "\(row);\(income);\(city);2024-0\(1 + row % 9)-15;\(row % 3 == 0 ? "yes" : "no")"
    }
    try folder.write(
      (["id;income;city;joined;churned"] + rows).joined(separator: "\n"), to: "t.csv")
    try folder.write(
      """
      data:
        train:
          source: csv
          file: t.csv
          target: churned
          rows: [0, 24]
          standardize: true
          inputs:
            - {column: income, decimal: ",", thousands: ".", missing: median}
            - {column: city, type: category, missing: own}
            - {column: joined, type: date}
        test: {source: csv, file: t.csv, target: churned, rows: [24, 30]}
      network:
        - {name: ip1, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: accuracy, type: Accuracy, phase: test}
      solver: {base_lr: 0.5, max_epochs: 40}
      """, to: "m.yaml")
  }

  private func train() throws {
    let trained = try Program.run(["train", "m.yaml", "--output", "run"], in: folder)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    #expect(trained.output.contains("test_accuracy       1.0"), "\(trained.output)")
  }

  @Test func everyColumnBecomesNumbers() throws {
    let checked = try Program.run(["check", "m.yaml"], in: folder)
    // One number, four categories, and five parts of a date.
    #expect(checked.output == "m.yaml: fine (data 10, label: classes)\n", "\(checked.errors)")
  }

  /// The model of the run states what was learned, so that the header of the table is enough.
  @Test func theResolvedModelStatesTheEncodings() throws {
    try train()
    let resolved = try folder.text("run/model.yaml")
    #expect(resolved.contains("separator: ;"))
    #expect(resolved.contains("categories: [Bern, Chur, Genf]"))
    // The median of the 21 known incomes of the training rows.
    #expect(resolved.contains("fill: 1320.5"))
    try folder.write("id;income;city;joined;churned\nnot a row", to: "t.csv")
    let checked = try Program.run(["check", "run/model.yaml"], in: folder)
    #expect(checked.exitCode == 0, "\(checked.errors)")
  }

  /// A table for prediction may have another separator, other columns and gaps.
  @Test func predictionUsesTheEncodingsOfTraining() throws {
    try train()
    try folder.write(
      "joined,city,income\n2024-05-01,Bern,\"1.250,0\"\n2024-05-01,,NA\n", to: "new.csv")
    let predicted = try Program.run(
      ["predict", "run", "--input", "new.csv", "--output", "y.csv"], in: folder)
    #expect(predicted.exitCode == 0, "\(predicted.errors)")
    let lines = try folder.text("y.csv").split(separator: "\n")
    #expect(lines.count == 3 && lines[1].hasPrefix("yes,"))
    try folder.write("joined,city,income\n2024-05-01,Rom,1\n", to: "new.csv")
    let unknown = try Program.run(
      ["predict", "run", "--input", "new.csv", "--output", "z.csv"], in: folder)
    #expect(unknown.exitCode == 1)
    #expect(
      unknown.errors.contains(
        "new.csv: row 2, column 'city': expected a category of the training part ('Bern', 'Chur', "
          + "'Genf'), received 'Rom'; 'other: true' accepts it"), "\(unknown.errors)")
    #expect(!folder.contents.contains("z.csv"))
  }

  @Test func aGapWithoutAPolicyIsRefused() throws {
    let model = try folder.text("m.yaml")
    try folder.write(model.replacing(", missing: median", with: ""), to: "m.yaml")
    let result = try Program.run(["check", "--data", "m.yaml"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors.hasPrefix(
        """
        m.yaml:9:9: error: t.csv: row 5, column 'income': expected a number, received 'NA'; \
        'missing: median' accepts missing values; and 3 more cells of the column
        """), "\(result.errors)")
  }
}
