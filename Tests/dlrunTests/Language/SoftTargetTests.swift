import Oracles
import Testing

/// Target probabilities of classes, as `one_hot` and `mixup` make them.
@Suite struct SoftTargetTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let rows = (0..<90).map { row in
      let kind = row % 3
      return "\(Double(kind) + Double(row * 7 % 10) / 40),\(row % 5),"
        + "\(["ash", "elm", "oak"][kind]),\(kind == 0 ? 3 : 1)"
    }
    try folder.write((["x,z,tree,w"] + rows).joined(separator: "\n"), to: "t.csv")
  }

  private func write(
    transforms: String, _ fields: String = "", loss: String = "SoftmaxWithLoss"
  ) throws {
    try folder.write(
      """
      data:
        split: {fraction: 0.7, stratify: true}
        train:
          source: csv
          file: t.csv
          target: tree
          inputs: [x, z]
          classes: [ash, elm, oak]
          standardize: true
          batch_size: 7
          \(transforms)
          \(fields)
        test: {batch_size: 10}
      network:
        - {name: ip1, type: Linear, num_output: 16}
        - {name: relu1, type: ReLU}
        - {name: ip2, type: Linear, num_output: 3}
        - {name: loss, type: \(loss)}
        - {name: accuracy, type: Accuracy, phase: test}
        - {name: f1, type: F1Score, phase: test}
      solver: {base_lr: 0.2, max_epochs: 30}
      """, to: "m.yaml")
  }

  private func history(_ options: [String] = []) throws -> String {
    let result = try Program.run(
      ["m.yaml", "--output", "run", "--overwrite"] + options, in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    return try folder.text("run/history.csv")
  }

  /// The last test accuracy and F1 of a history.
  private func scores(_ history: String) throws -> [Double] {
    let lines = history.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let names = try #require(lines.first)
    return try ["test_accuracy", "test_f1"].map { name in
      let place = try #require(names.firstIndex(of: name))
      return try #require(lines.last { !$0[place].isEmpty }.flatMap { Double($0[place]) })
    }
  }

  /// Probabilities of 0 and 1 train as labels do, up to rounding.
  @Test func oneHotTargetsAreLabels() throws {
    try write(transforms: "")
    let labels = try scores(history())
    try write(transforms: "transforms: [one_hot]")
    #expect(try scores(history()) == labels)
  }

  @Test func mixedTargetsTrainAndPredictClasses() throws {
    try write(transforms: "transforms: [one_hot, {type: mixup, alpha: 0.4}]")
    #expect(try scores(history()).allSatisfy { $0 >= 0.9 })
    try folder.write("z,x\n1,0.1\n2,2.1\n", to: "new.csv")
    let predicted = try Program.run(
      ["predict", "run", "--input", "new.csv", "--output", "-"], in: folder)
    let lines = predicted.output.split(separator: "\n")
    #expect(
      lines.first == "class,probability_ash,probability_elm,probability_oak",
      "\(predicted.errors)")
    #expect(lines.dropFirst().map { $0.prefix { $0 != "," } } == ["ash", "oak"])
  }

  /// Weights of 1 change nothing. Others change the loss, in the same way for all loaders.
  @Test func weightsAreMixedWithTheirExamples() throws {
    let transforms = "transforms: [one_hot, {type: mixup, alpha: 0.4}]"
    try write(transforms: transforms)
    let plain = try history()
    try write(transforms: transforms, "class_weights: {ash: 1}")
    #expect(try history() == plain)
    try write(transforms: transforms, "weight: w")
    let weighted = try history(["--loaders", "0"])
    #expect(weighted != plain)
    #expect(try history(["--loaders", "3"]) == weighted)
  }

  @Test func otherLossesNeedLabels() throws {
    try write(transforms: "transforms: [one_hot]", loss: "FocalLoss")
    let result = try Program.run(["check", "m.yaml"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors.contains(
        "layer 'loss' (FocalLoss): scores 7x3 need labels 7 (one class for each position), received "
          + "7x3"), "\(result.errors)")
  }
}
