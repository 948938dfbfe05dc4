import Oracles
import Testing

/// Tests a category that an `Embed` layer reads, from training to prediction.
@Suite struct EmbeddedColumnTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let cities = ["Bern", "Chur", "Genf"]
    let rows = (0..<60).map { "\(($0 * 7) % 11),\(cities[$0 % 3]),\($0 % 3 == 1 ? "yes" : "no")" }
    try folder.write((["age,city,churned"] + rows).joined(separator: "\n"), to: "t.csv")
    try folder.write(
      """
      data:
        train:
          source: csv
          file: t.csv
          target: churned
          standardize: true
          inputs: [age, {column: city, type: category, encoding: index}]
      network:
        - {name: cut, type: Slice, bottom: data, top: [age, city]}
        - {name: place, type: Embed, bottom: city, num_output: 2}
        - {name: flat, type: Flatten}
        - {name: all, type: Concat, bottom: [age, flat]}
        - {name: ip1, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: accuracy, type: Accuracy, phase: test}
      solver: {base_lr: 0.5, max_epochs: 40}
      expect: {train_accuracy: ">= 1"}
      """, to: "m.yaml")
  }

  /// The standardization leaves the index as it is. Otherwise no number would name a row.
  @Test func theTableOfALayerFollowsFromTheCategories() throws {
    let trained = try Program.run(["train", "m.yaml", "--output", "run"], in: folder)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    #expect(try folder.text("run/model.yaml").contains("input_dim: 3\n"))
    try folder.write("city,age\nChur,3\nGenf,3\n", to: "new.csv")
    let predicted = try Program.run(
      ["predict", "run", "--input", "new.csv", "--output", "-"], in: folder)
    let classes = predicted.output.split(separator: "\n").map { $0.prefix { $0 != "," } }
    #expect(classes == ["class", "yes", "no"], "\(predicted.errors)")
  }

  @Test func aNumberThatDoesNotFitIsAMistakeOfTheFile() throws {
    let result = try Program.run(
      ["check", "m.yaml", "--set", "network.1.input_dim=2"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors.contains(
        "layer 'place' (Embed): input_dim: expected at least 3, the number of categories of "
          + "'city', received 2"), "\(result.errors)")
  }
}
