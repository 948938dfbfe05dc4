import Files
import Inspection
import Oracles
import RunOracles
import Tensors
import Testing
import Training

@Suite("Units that pass nothing") struct DeadUnitsTests {
  /// Every batch has all examples, so that a window of 1,000 examples ends with update 17.
  private static func model(
    _ layers: [String], data: String = "spiral", rate: String = "0",
    after: String = "name: ip9, type: Linear, num_output: 3", loss: String = "SoftmaxWithLoss",
    solver: String = ""
  ) -> String {
    let train =
      data == "spiral"
      ? "{source: spiral, points_per_class: 20, batch_size: 60}"
      : """
      {source: generated_images, class_count: 3, images_per_class: 20, channels: 2, height: 6, \
      width: 6, batch_size: 60}
      """
    return spiralModel(
      train: train, network: layers + [after, "name: loss, type: \(loss)"],
      solver: "base_lr: \(rate), max_iter: 40\(solver)")
  }

  /// About half of the biases are so low that their units are always 0.
  private static let spread = "bias_filler: {type: uniform, min: -100, max: 100}"
  private static let small = "weight_filler: {type: gaussian, std: 0.001}"
  private static let closed = "bias_filler: {type: constant, value: -100}"

  private func told(_ text: String) throws -> [String] {
    try warnings(of: text).filter { $0.kind == .deadUnits }.map(\.text)
  }

  @Test("are reported at their ReLU")
  func message() throws {
    let told = try warnings(
      of: DeadUnitsTests.model(
        [
          "name: ip1, type: Linear, num_output: 8, \(DeadUnitsTests.closed)",
          "name: relu1, type: ReLU",
        ], rate: "0.001"))
    #expect(told.map(\.kind) == [.deadUnits])
    #expect(told.map(\.layer) == ["relu1"])
    #expect(
      told.first?.text == """
        model.yaml:7:5: warning: layer 'relu1' (ReLU): 8 of 8 units of 'ip1' were 0 in the last 17 \
        inspected updates (since update 1); they get no gradient, so that they stay dead; try a \
        smaller base_lr, weight_filler: msra, or negative_slope: 0.01
            7 |   - {name: relu1, type: ReLU}
              |     ^
        """)
  }

  /// Weights without biases. For positive inputs, some units are always negative.
  private static func mixed(_ mean: Double) -> String {
    "bias_term: false, weight_filler: {type: gaussian, std: 0.5, mean: \(mean)}"
  }

  private static let shift = shift(by: 2)
  private static let bright = shift(by: 10)
  private static func shift(by value: Int) -> String {
    "name: shift, type: Bias, filler: {type: constant, value: \(value)}, param: [{lr_mult: 0}]"
  }

  /// With a rate of 0, all steps equal the first.
  @Test(
    "are the units whose ReLU output is never above 0",
    arguments: [
      ("spiral", ["name: a, type: Linear, num_output: 40, \(spread)", "name: relu, type: ReLU"]),
      (
        "spiral",
        [
          "name: a, type: DropConnect, num_output: 40, \(small), \(spread)",
          "name: relu, type: ReLU",
        ]
      ),
      (
        "spiral",
        [shift, "name: a, type: Linear, num_output: 40, \(mixed(-0.3))", "name: relu, type: ReLU"]
      ),
      (
        "spiral",
        [
          shift, "name: a, type: Linear, num_output: 40, transpose: true, \(mixed(-0.3))",
          "name: relu, type: ReLU",
        ]
      ),
      (
        "spiral",
        [shift, "name: a, type: Linear, num_output: 200, \(mixed(-0.3))", "name: relu, type: ReLU"]
      ),
      (
        "spiral",
        [
          "name: a, type: Linear, num_output: 40, bias_term: false",
          "name: norm, type: BatchNorm, bias_filler: {type: uniform, min: -9, max: 2}",
          "name: relu, type: ReLU", "name: drop, type: Dropout",
        ]
      ),
      (
        "spiral",
        [
          "name: a, type: Linear, num_output: 40, param: [{}, {lr_mult: 0}], \(spread)",
          "name: relu, type: ReLU",
        ]
      ),
      (
        "images",
        [
          "name: a, type: Convolution, num_output: 24, kernel_size: 3, \(spread)",
          "name: relu, type: ReLU", "name: pool, type: Pooling, kernel_size: 2",
        ]
      ),
      (
        "images",
        [
          bright,
          "name: a, type: Convolution, num_output: 24, kernel_size: 3, group: 2, \(mixed(-0.1))",
          "name: pool, type: Pooling, kernel_size: 2", "name: relu, type: ReLU",
        ]
      ),
      (
        "images",
        [
          bright,
          "name: a, type: Deconvolution, num_output: 24, kernel_size: 2, \(mixed(-0.5))",
          "name: relu, type: ReLU",
        ]
      ),
    ])
  func counted(data: String, layers: [String]) throws {
    let text = DeadUnitsTests.model(layers, data: data)
    let relu = try #require(try ModelTrace.tensors(of: try firstStep(text))["relu"])
    let units = relu.shape[1]
    let size = relu.shape.count(in: 2..<relu.shape.rank)
    var alive: Set<Int> = []
    for (place, value) in relu.values.enumerated() where value > 0 {
      alive.insert(place / size % units)
    }
    let dead = units - alive.count
    try #require(dead * 10 > units * 4 && dead < units, "\(dead) of \(units)")
    let told = try told(text)
    #expect(told.count == 1)
    #expect(told.first?.contains(" \(dead) of \(units) units of '") == true, "\(told)")
  }

  @Test("are reported for any slices and batches of a step, with and without clipping")
  func shards() throws {
    let layers = [
      "name: a, type: Linear, num_output: 40, \(DeadUnitsTests.spread)",
      "name: relu1, type: ReLU",
    ]
    let reference = try told(DeadUnitsTests.model(layers))
    #expect(reference.count == 1)
    for solver in [", shards: 4", ", clip_gradients: 1"] {
      #expect(try told(DeadUnitsTests.model(layers, solver: solver)) == reference, "\(solver)")
    }
    // An update has more examples, so that the window has fewer updates.
    #expect(
      try told(DeadUnitsTests.model(layers, solver: ", iter_size: 3"))
        == reference.map { $0.replacing("last 17 inspected", with: "last 10 inspected") })
  }

  @Test(
    "are not reported if the ReLU is active, few are dead, or their gradients are blocked",
    arguments: [
      model(["name: ip1, type: Linear, num_output: 40", "name: relu1, type: ReLU"]),
      // Ten of forty units are dead.
      model([
        "name: ip1, type: Linear, num_output: 40",
        "name: norm, type: BatchNorm, bias_filler: {type: uniform, min: -9, max: 30}",
        "name: relu1, type: ReLU",
      ]),
      model([
        "name: ip1, type: Linear, num_output: 8, \(closed)",
        "name: relu1, type: ReLU, negative_slope: 0.01",
      ]),
      // A later layer blocks the gradients.
      model(
        ["name: ip1, type: Linear, num_output: 8", "name: relu1, type: ReLU"],
        after: "name: ip9, type: Linear, num_output: 3, weight_filler: {type: constant, value: 0}"),
      model([
        "name: ip1, type: Linear, num_output: 8", "name: relu1, type: ReLU",
        "name: ip2, type: Linear, num_output: 8", "name: nothing, type: Power, scale: 0",
      ]),
      model(
        ["name: ip1, type: Linear, num_output: 8", "name: relu1, type: ReLU"],
        after: """
          name: ip9, type: Linear, num_output: 3, param: [{lr_mult: 0}, {}], \
          weight_filler: {type: constant, value: 0}
          """
      ),
      // An example beyond the margin gives no gradient.
      model(
        ["name: ip1, type: Linear, num_output: 8, \(closed)", "name: relu1, type: ReLU"],
        loss: "HingeLoss"),
      // The layer is frozen.
      model([
        "name: ip1, type: Linear, num_output: 8, param: [{lr_mult: 0}, {lr_mult: 0}], \(closed)",
        "name: relu1, type: ReLU",
      ]),
      // Two layers share the parameters, and another layer reads the output.
      model([
        "name: ip1, type: Linear, num_output: 8, param: [{name: w}, {name: b}], \(closed)",
        "name: relu1, type: ReLU",
        """
        name: ip2, type: Linear, num_output: 8, bottom: data, param: [{name: w}, {name: b}], \
        \(closed)
        """,
        "name: sum, type: Eltwise, bottom: [relu1, ip2]",
      ]),
      model([
        "name: ip1, type: Linear, num_output: 8, \(closed)", "name: relu1, type: ReLU",
        "name: sum, type: Eltwise, bottom: [relu1, ip1]",
      ]),
    ])
  func fine(text: String) throws {
    #expect(try told(text) == [])
  }
}
