import Files
import Foundation
import Oracles
import Testing

/// Tests the units of losses, metrics and predictions with `standardize_target`.
@Suite struct StandardizedTargetTests {
  /// Trains a network whose weights are 0 and hardly change, on the targets 10, 20, 30 and 40 with
  /// the mean 25 and the deviation 11.18. Its prediction is the mean.
  private func train(_ layers: String = "", data: String = "") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("x,y\n1,10\n2,20\n3,30\n4,40\n5,25\n6,45\n", to: "t.csv")
    try folder.write(
      """
      data:
        train: {source: csv, file: t.csv, target: y, task: regression, batch_size: 3, rows: 4,
                standardize_target: true\(data)}
        test: {source: csv, file: t.csv, target: y, task: regression, batch_size: 3, rows: [4, 6]}
      network:
      - {name: ip, type: Linear, num_output: 1, weight_filler: {type: constant, value: 0}}
      - {name: loss, type: EuclideanLoss}
      - {name: mae, type: MAE, phase: test}
      - {name: rmse, type: RMSE, phase: test}
      - {name: r2, type: R2, phase: test}
      \(layers)
      solver: {base_lr: 1e-30, max_epochs: 1}

      """, to: "net.yaml")
    let result = try Program.run(["net.yaml", "--output", "run"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    return folder
  }

  private func metrics(_ folder: TemporaryFolder) throws -> [String: Double] {
    let record = try JSONSerialization.jsonObject(with: Data(try folder.bytes("run/run.json")))
    return try #require((record as? [String: Any])?["metrics"] as? [String: Double])
  }

  /// The losses are ½·mean(((y − 25)/11.18)²). The errors of the test are 0 and 20.
  @Test func metricsHaveTheUnitOfTheTarget() throws {
    let folder = try train()
    let found = try metrics(folder)
    #expect(found["train_loss"] == 0.5)
    #expect(found["train_mae"] == 10)
    #expect(try #require(found["train_r2"].map(abs)) < 1e-12)
    #expect(try #require(found["train_rmse"].map { abs($0 - 11.18034) }) < 1e-5)
    #expect(try #require(found["test_loss"].map { abs($0 - 0.8) }) < 1e-6)
    #expect(found["test_mae"] == 10)
    #expect(found["test_r2"] == -1)
    let test = try Program.run(["test", "run"], in: folder)
    #expect(test.output.hasSuffix("\ntest_mae 10.0\ntest_rmse 14.142136\ntest_r2 -1.0\n"))
  }

  @Test func predictionsHaveTheUnitOfTheTarget() throws {
    let folder = try train()
    let result = try Program.run(
      ["predict", "run", "--input", "t.csv", "--output", "-"], in: folder)
    #expect(result.output == "ip_y\n25.0\n25.0\n25.0\n25.0\n25.0\n25.0\n")
  }

  /// A metric of the file reads prediction and target in the target's unit, also behind a view.
  @Test func ownMetricsHaveTheUnitOfTheTarget() throws {
    let folder = try train(
      """
      - {name: flat, type: Reshape, bottom: ip, shape: [0], phase: test}
      - {name: plain, type: Reshape, bottom: label, shape: [0], phase: test}
      - {name: share, type: Expression, bottom: [flat, plain], formula: flat / plain,
         phase: test, metric: min}
      """)
    let found = try metrics(folder)
    let expected = (25.0 / 10 + 25.0 / 20 + 25.0 / 30 + 25.0 / 40) / 4
    #expect(try #require(found["train_share"].map { abs($0 - expected) }) < 1e-6)
  }

  @Test func missingStatisticsAreReported() throws {
    let folder = try train()
    let text = try folder.text("net.yaml")
    try folder.write(
      text.replacing("standardize_target: true", with: "standardize_target: false"),
      to: "net.yaml")
    let plain = try Program.run(["net.yaml", "--output", "plain"], in: folder)
    #expect(plain.exitCode == 0)
    let result = try Program.run(
      [
        "test", "plain", "--set", "data.train.standardize_target=true", "--set",
        "data.test.standardize_target=true",
      ], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors.hasSuffix(
        "plain/best.safetensors: the statistics of the targets are missing\n"))
  }

  @Test func constantTargetsAreReported() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,y\n1,5\n2,5\n", to: "t.csv")
    try folder.write(
      """
      data: {train: {source: csv, file: t.csv, target: y, task: regression, standardize_target: true}}
      network: [{name: ip, type: Linear, num_output: 1}, {name: loss, type: EuclideanLoss}]
      solver: {base_lr: 0.1, max_epochs: 1}

      """, to: "net.yaml")
    let result = try Program.run(["check", "--data", "net.yaml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(
      result.errors.hasPrefix(
        "net.yaml:1:91: warning: train data: target 'y' has one value, 5.0, in the training part: "
          + "it is shifted to 0, and there is nothing to learn\n"))
  }
}
