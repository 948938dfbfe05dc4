import Files
import Inspection
import Tensors
import Testing
import Training

@Suite("Units that pass nothing") struct DeadUnitsTests {
  /// All examples are in every batch, so that a window ends with 1,000 of them: with the 17th update.
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

  /// Biases of which about half are below all that comes to them.
  private static let spread = "bias_filler: {type: uniform, min: -100, max: 100}"
  private static let small = "weight_filler: {type: gaussian, std: 0.001}"
  private static let closed = "bias_filler: {type: constant, value: -100}"

  private func told(_ text: String) throws -> [String] {
    try warnings(of: text).filter { $0.kind == .deadUnits }.map(\.text)
  }

  @Test("are told at their ReLU")
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
        model.yaml:7:5: warning: layer 'relu1' (ReLU): 8 of 8 units of 'ip1' have passed nothing \
        in the last 17 updates looked at (since update 1); nothing comes back to them, so that \
        they stay dead; try a smaller base_lr, weight_filler: msra, or negative_slope: 0.01
            7 |   - {name: relu1, type: ReLU}
              |     ^
        """)
  }

  /// Weights without a bias, of which some units sum to less than 0 wherever inputs are positive.
  private static func mixed(_ mean: Double) -> String {
    "bias_term: false, weight_filler: {type: gaussian, std: 0.5, mean: \(mean)}"
  }

  private static let shift = shift(by: 2)
  private static let bright = shift(by: 10)
  private static func shift(by value: Int) -> String {
    "name: shift, type: Bias, filler: {type: constant, value: \(value)}, param: [{lr_mult: 0}]"
  }

  /// With a rate of 0 the first step tells what all of them are.
  @Test(
    "are as many as the outputs of the ReLU have no value above 0",
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

  @Test("are told whatever slices and batches a step has, and clipped or not")
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
    // An update has more examples, and the window fewer updates.
    #expect(
      try told(DeadUnitsTests.model(layers, solver: ", iter_size: 3"))
        == reference.map { $0.replacing("last 17 updates", with: "last 10 updates") })
  }

  @Test(
    "are not told where the ReLU is open, few are closed, or their gradients tell nothing",
    arguments: [
      model(["name: ip1, type: Linear, num_output: 40", "name: relu1, type: ReLU"]),
      // Ten of forty are closed.
      model([
        "name: ip1, type: Linear, num_output: 40",
        "name: norm, type: BatchNorm, bias_filler: {type: uniform, min: -9, max: 30}",
        "name: relu1, type: ReLU",
      ]),
      model([
        "name: ip1, type: Linear, num_output: 8, \(closed)",
        "name: relu1, type: ReLU, negative_slope: 0.01",
      ]),
      // What is behind lets no gradient through.
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
      // An example beyond the margin has no gradient.
      model(
        ["name: ip1, type: Linear, num_output: 8, \(closed)", "name: relu1, type: ReLU"],
        loss: "HingeLoss"),
      // Nothing of it is trained.
      model([
        "name: ip1, type: Linear, num_output: 8, param: [{lr_mult: 0}, {lr_mult: 0}], \(closed)",
        "name: relu1, type: ReLU",
      ]),
      // Two layers have its parameters, and another reads it.
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
