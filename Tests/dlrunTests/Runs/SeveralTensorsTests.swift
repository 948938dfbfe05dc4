import Oracles
import Testing

/// Tests a model that reads two inputs and two targets by name.
@Suite struct SeveralTensorsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    // The classes tell whether the first number is greater. The sums are the second target.
    try folder.write(array("(4, 1)", [1, 7, 2, 9]), to: "left.npy")
    try folder.write(array("(4, 2)", [5, 0, 3, 1, 8, 0, 4, 1]), to: "right.npy")
    try folder.write(array("(4,)", [0, 1, 0, 1]), to: "order.npy")
    try folder.write(array("(4,)", [6, 10, 10, 13]), to: "sum.npy")
    try folder.write(
      """
      data:
        train:
          source: npy
          batch_size: 4
          inputs: [{file: left.npy, top: left}, {file: right.npy, top: right}]
          targets: [{file: order.npy, top: order, classes: 2}, {file: sum.npy, top: sum}]
          task: regression
          standardize: true
      network:
        - {name: a, type: Linear, bottom: left, num_output: 3}
        - {name: b, type: Linear, bottom: right, num_output: 3}
        - {name: both, type: Eltwise, bottom: [a, b]}
        - {name: scores, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss, bottom: [scores, order]}
        - {name: total, type: Linear, bottom: both, num_output: 1}
        - {name: error, type: EuclideanLoss, bottom: [total, sum], loss_weight: 0.01}
      solver: {base_lr: 0.1, max_iter: 200}
      expect: {train_loss: "< 0.1"}
      """, to: "m.yaml")
  }

  /// Returns a NumPy file of bytes.
  private func array(_ shape: String, _ elements: [UInt8]) -> [UInt8] {
    let text = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape)}\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
      + elements
  }

  @Test func trainsOnAllOfThem() throws {
    let checked = try Program.run(["check", "m.yaml"], in: folder)
    #expect(
      checked.output
        == "m.yaml: fine (left 1, right 2, order: 2 classes, sum 1)\n")
    let trained = try Program.run(["train", "m.yaml", "--output", "run"], in: folder)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    // The resolved model names the same tensors.
    let resolved = try folder.text("run/model.yaml")
    #expect(resolved.contains("top: left") && resolved.contains("top: order"))
    let again = try Program.run(["check", "run/model.yaml"], in: folder)
    #expect(again.exitCode == 0, "\(again.errors)")
    let tested = try Program.run(["test", "run"], in: folder)
    #expect(tested.exitCode == 0, "\(tested.errors)")
  }

  @Test func gradientsOfAllInputsAreChecked() throws {
    let result = try Program.run(["gradcheck", "m.yaml"], in: folder)
    #expect(result.exitCode == 0, "\(result.output)")
    let names = result.output.split(separator: "\n").filter { $0.hasPrefix("data") }
      .map { $0.split(separator: " ")[1] }
    #expect(names == ["left", "right"])
  }

  @Test func everyInputIsPredictedFromAFileOfItsOwn() throws {
    _ = try Program.run(["train", "m.yaml", "--output", "run"], in: folder)
    func predict(_ inputs: [String]) throws -> Program.Result {
      try Program.run(
        ["predict", "run", "--output", "-"] + inputs.flatMap { ["--input", $0] }, in: folder)
    }
    let result = try predict(["right=right.npy", "left=left.npy"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let classes = result.output.split(separator: "\n").map { $0.split(separator: ",")[0] }
    #expect(classes == ["class", "0", "1", "0", "1"])
    try folder.write("x1\n1\n", to: "t.csv")
    let few =
      "error: --input: expected an input for each of 'left', 'right', such as --input "
      + "left=left.npy --input right=right.npy, received "
    for (inputs, message) in [
      (["left.npy"], few + "'left.npy'\n"),
      (["left=left.npy", "lfet=right.npy"], few + "'left=left.npy', 'lfet=right.npy'\n"),
      (
        ["left=t.csv", "right=right.npy"],
        "error: t.csv: expected a NumPy or IDX file, since the network reads 2 inputs ('left', "
          + "'right')\n"
      ),
      (
        ["left=right.npy", "right=left.npy"],
        "error: the network reads left 1, right 2, received left 2, right 1\n"
      ),
    ] {
      let refused = try predict(inputs)
      #expect(refused.exitCode == 1)
      #expect(refused.errors == message)
      #expect(refused.output.isEmpty)
    }
  }

  @Test func namesThatTheDataDoNotProvideAreRefused() throws {
    let result = try Program.run(
      ["check", "m.yaml", "--set", "network.a.bottom=data"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors.contains(
        "layer 'a' (Linear): bottom 'data' is not provided by the data, which provide 'left', "
          + "'right', 'order', 'sum'"))
  }
}
