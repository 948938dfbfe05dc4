import Expressions
import Oracles
import Testing

/// Tests the tables of metrics.
@Suite struct MetricTests {
  private func train(_ layers: String, in folder: TemporaryFolder) throws -> Program.Result {
    try folder.write(
      """
      seed: 3
      data:
        train: {source: blobs, class_count: 2, points_per_class: 40, batch_size: 10}
        test: {source: blobs, class_count: 2, points_per_class: 17, batch_size: 8}
      network:
      - {name: ip, type: Linear, num_output: 2}
      - {name: loss, type: SoftmaxWithLoss}
      \(layers)
      solver: {base_lr: 0.01, max_epochs: 2, shards: 3}
      expect: {test_f1: ">= 0"}

      """, to: "net.yaml")
    return try Program.run(["net.yaml", "--output", "run"], in: folder)
  }

  private static let layers = """
    - {name: confusion, type: ConfusionMatrix}
    - {name: f1, type: F1Score, phase: test}
    - {name: auc, type: ROCAUC, phase: test}
    """

  @Test func theHistoryHasOneColumnPerMetric() throws {
    let folder = try TemporaryFolder()
    let result = try train(MetricTests.layers, in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.contains(": met)"))
    let header = try folder.text("run/history.csv").split(separator: "\n").first
    #expect(
      header == """
        iteration,epoch,learning_rate,loss,test_loss,test_confusion,test_f1,test_auc
        """)
  }

  @Test func tablesAreInTheRunTheReportAndTheTest() throws {
    let folder = try TemporaryFolder()
    #expect(try train(MetricTests.layers, in: folder).exitCode == 0)
    let test = try Program.run(["test", "run"], in: folder)
    #expect(test.exitCode == 0)
    let lines = test.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 4 + 4 + 4)
    let names = lines[0...3].compactMap { $0.split(separator: " ").first }
    #expect(names == ["test_loss", "test_confusion", "test_f1", "test_auc"])
    #expect(lines[4] == "test_confusion")
    #expect(lines[5].hasPrefix("  class, predicted as  "))
    let counts = lines[6...7].flatMap { row in
      row.split(separator: " ").dropFirst().compactMap { Int($0) }
    }
    try #require(counts.count == 4)
    #expect(counts.reduce(0, +) == 34)
    #expect(counts[0] + counts[1] == 17)
    let share = Float(counts[0] + counts[3]) / 34
    #expect(lines[1] == "test_confusion \(share)")
    #expect(lines[8] == "test_f1")
    let record = try folder.text("run/run.json")
    for name in ["train_confusion", "train_f1", "test_confusion", "test_f1"] {
      #expect(record.contains("\"\(name)\": {"), "\(name)")
    }
    let report = try folder.text("run/report.html")
    #expect(report.contains("<h2>test_confusion</h2>"))
  }

  /// The rank statistic does not depend on the batches of the test.
  @Test func anAreaUnderTheCurveIsExactForAnyBatchSize() throws {
    let folder = try TemporaryFolder()
    #expect(try train(MetricTests.layers, in: folder).exitCode == 0)
    let values = try [1, 8, 34].map { size in
      try Program.run(
        ["test", "run", "--set", "data.test.batch_size=\(size)"], in: folder
      ).output.split(separator: "\n").first { $0.hasPrefix("test_auc ") }
    }
    #expect(values[0] != nil)
    #expect(Set(values).count == 1)
  }

  /// The sum is that of a training batch of 10 examples, for any batch size of the test.
  @Test func aMinimisedTopIsExactForAnyBatchSize() throws {
    let folder = try TemporaryFolder()
    let layers = """
      - {name: sum, type: Reduction, bottom: ip, operation: SUMSQ, loss_weight: 0.01}
      - {name: mean, type: Expression, bottom: ip, formula: "sum(ip ^ 2) / N", loss_weight: 0.01}
      - {name: f1, type: F1Score, bottom: [ip, label], phase: test}
      """
    #expect(try train(layers, in: folder).exitCode == 0)
    let values = try [1, 7, 8, 10, 34, 1000].map { size in
      let test = try Program.run(
        [
          "test", "run", "--weights", "last", "--set", "data.test.batch_size=\(size)",
        ], in: folder)
      let lines = test.output.split(separator: "\n").map { $0.split(separator: " ") }
      return try ["test_sum", "test_mean"].map { name in
        try #require(lines.first { $0[0] == name }.flatMap { Double($0[1]) })
      }
    }
    for value in values {
      #expect(abs(value[0] - values[0][0]) <= 1e-6 * value[0])
      #expect(abs(value[1] - values[0][1]) <= 1e-6 * value[1])
      #expect(abs(value[0] - 10 * value[1]) <= 1e-5 * value[0])
    }
    // The last test of the run agrees with `dlrun test`.
    let history = try folder.text("run/history.csv").split(separator: "\n")
    let names = history[0].split(separator: ",")
    let last = try #require(history.last).split(separator: ",")
    let column = try #require(names.firstIndex(of: "test_sum"))
    #expect(Double(last[column]).map { abs($0 - values[0][0]) <= 1e-6 * $0 } == true)
  }

  /// Tests with batch statistics do not change the running statistics.
  @Test func testsDoNotChangeSavedStatistics() throws {
    let weights = try [1, 8].map { interval in
      let folder = try TemporaryFolder()
      try folder.write(
        """
        data:
          train: {source: blobs, class_count: 2, points_per_class: 40, batch_size: 10}
          test: {source: blobs, class_count: 2, points_per_class: 17, batch_size: 8}
        network:
        - {name: bn, type: BatchNorm, use_global_stats: false}
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
        solver: {base_lr: 0.01, max_epochs: 1, test_interval: \(interval)}

        """, to: "net.yaml")
      let result = try Program.run(["net.yaml", "--output", "run"], in: folder)
      #expect(result.exitCode == 0, "\(result.errors)")
      return try folder.bytes("run/weights.safetensors")
    }
    #expect(weights[0] == weights[1])
  }

  /// Trains on a table with one label that is not a class, and a network with layers `loss` and
  /// `accuracy`.
  private func ignoring(
    _ loss: String, _ accuracy: String, in folder: TemporaryFolder
  ) throws -> Program.Result {
    try folder.write("x,y\n0.5,0\n1,-1\n-0.5,1\n-1,1\n", to: "table.csv")
    try folder.write(
      """
      data:
        train: {source: csv, file: table.csv, target: y, classes: 2, shuffle: false}
      network:
      - {name: ip, type: Linear, num_output: 2}
      - {name: loss, type: SoftmaxWithLoss\(loss)}
      - {name: accuracy, type: Accuracy\(accuracy)}
      solver: {base_lr: 0.5, max_epochs: 200}

      """, to: "net.yaml")
    return try Program.run(["net.yaml", "--output", "run"], in: folder)
  }

  @Test func anIgnoredLabelNeedsNoClass() throws {
    let folder = try TemporaryFolder()
    let result = try ignoring(", ignore_label: -1", ", ignore_label: -1", in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.contains("train_accuracy  1.0"))
  }

  @Test func everyLayerThatReadsTheLabelMustIgnoreIt() throws {
    let folder = try TemporaryFolder()
    let result = try ignoring(", ignore_label: -1", "", in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors == """
        net.yaml:6:3: error: layer 'accuracy' (Accuracy): the data have label -1, which is not \
        a class: expected ignore_label: -1
            6 | - {name: accuracy, type: Accuracy}
              |   ^

        """)
  }

  @Test func aLabelThatNoLayerIgnoresIsRefused() throws {
    let folder = try TemporaryFolder()
    let result = try ignoring("", "", in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors == """
        net.yaml:2:61: error: table.csv: row 3, column 'y': expected a class from 0 to 1, received \
        '-1'
            2 |   train: {source: csv, file: table.csv, target: y, classes: 2, shuffle: false}
              |                                                             ^
        table.csv:3:3: note: expected a class from 0 to 1, received '-1'
            3 | 1,-1
              |   ^

        """)
  }
}
