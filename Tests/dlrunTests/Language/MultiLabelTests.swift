import Files
import Oracles
import Testing

/// Tests several labels for each example.
@Suite struct MultiLabelTests {
  /// Films whose genres follow from the signs of two inputs.
  private func train(_ more: String = "", task: String = "multi_label") throws -> (
    TemporaryFolder, Program.Result
  ) {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { row in
      let (a, b) = (row % 5 - 2, row % 7 - 3)
      return "\(a),\(b),\(a > 0 ? "yes" : "no"),\(b > 0 ? 1 : 0),\(a > 0 && b > 0)\n"
    }
    try folder.write("a,b,drama,crime,both\n" + rows.joined(), to: "t.csv")
    try folder.write(
      """
      data:
        split: {fraction: 0.75}
        train: {source: csv, file: t.csv, target: [drama, crime, both], task: \(task), batch_size: 10}
      network:
      - {name: ip1, type: Linear, num_output: 16}
      - {name: tanh, type: TanH}
      - {name: scores, type: Linear, num_output: 3}
      - {name: loss, type: SigmoidCrossEntropyLoss}
      - {name: f1, type: F1Score, multi_label: true, phase: test}
      - {name: recall, type: Recall, multi_label: true, class: 2, phase: test}
      - {name: accuracy, type: Accuracy, multi_label: true, per_class: true, phase: test}
      \(more)
      solver: {base_lr: 0.5, momentum: 0.9, max_epochs: 60}
      """, to: "net.yaml")
    return (folder, try Program.run(["net.yaml", "--output", "run"], in: folder))
  }

  @Test func metricsAndPredictionsNameTheLabels() throws {
    let (folder, result) = try train()
    try #require(result.exitCode == 0, "\(result.errors)")
    let test = try Program.run(["test", "run"], in: folder)
    let lines = test.output.split(separator: "\n").map(String.init)
    #expect(lines.contains("test_f1 1.0"), "\(test.output)")
    #expect(lines.contains("test_recall 1.0") && lines.contains("test_accuracy 1.0"))
    for name in ["drama", "crime", "both"] {
      #expect(lines.contains { $0.hasPrefix("  \(name) ") || $0.hasPrefix("\(name) ") }, "\(lines)")
    }
    try folder.write("b,a\n2,-2\n-3,2\n3,2\n", to: "x.csv")
    let predicted = try Program.run(
      ["predict", "run", "--input", "x.csv", "--output", "-"], in: folder)
    let rows = predicted.output.split(separator: "\n").map {
      $0.split(separator: ",").map(String.init)
    }
    try #require(rows.count == 4)
    #expect(rows[0] == ["probability_drama", "probability_crime", "probability_both"])
    let decisions = rows.dropFirst().map { $0.map { (Double($0) ?? .nan) > 0.5 } }
    #expect(
      decisions == [[false, true, false], [true, false, false], [true, true, true]], "\(rows)")
  }

  @Test func aTextThatIsNotBooleanIsRefused() throws {
    let (folder, _) = try train()
    let text = try folder.text("t.csv").replacing("-1,-2,no", with: "-1,-2,maybe")
    try folder.write(text, to: "t.csv")
    let result = try Program.run(["check", "--data", "net.yaml"], in: folder)
    #expect(result.exitCode == 1)
    let first = result.errors.split(separator: "\n").first ?? ""
    #expect(
      first.hasPrefix("net.yaml:3:45: error: t.csv: row 3, column 'drama': expected "), "\(first)")
  }

  @Test func shapesMustAgree() throws {
    let (_, result) = try train(
      "- {name: wrong, type: F1Score, bottom: [ip1, label], multi_label: true, phase: test}")
    #expect(
      result.errors.contains(
        "layer 'wrong' (F1Score): prediction 10x16 and target 10x3 differ in size")
        || result.errors.contains(
          "layer 'wrong' (F1Score): prediction 32x16 and target 32x3 differ in size"),
      "\(result.errors)")
  }

  /// Several targets are a list in 'target'.
  @Test func thePluralIsExplained() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data:
        train: {source: csv, file: t.csv, targets: [a, b], task: multi_label}
      network:
      - {name: scores, type: Linear, num_output: 2}
      - {name: loss, type: SigmoidCrossEntropyLoss}
      solver: {base_lr: 0.5, max_epochs: 1}
      """, to: "net.yaml")
    #expect(
      try Program.run(["check", "net.yaml"], in: folder).errors == """
        net.yaml:2:10: error: train data: 'target' is missing: expected a column's name or a list of \
        names
            2 |   train: {source: csv, file: t.csv, targets: [a, b], task: multi_labe…
              |          ^
        net.yaml:2:37: error: train data: unknown field 'targets'; did you mean 'target'?
            2 |   train: {source: csv, file: t.csv, targets: [a, b], task: multi_label}
              |                                     ^

        """)
  }
}
