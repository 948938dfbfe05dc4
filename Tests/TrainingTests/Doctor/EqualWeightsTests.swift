import Oracles
import RunOracles
import Runs
import Testing
import Training

@Suite("Weights that begin equal") struct EqualWeightsTests {
  private static func model(_ layers: [String], data: String = "spiral") -> String {
    let train =
      data == "spiral"
      ? "{source: spiral, points_per_class: 20, batch_size: 16}"
      : """
      {source: generated_images, class_count: 3, images_per_class: 10, channels: 2, height: 4, \
      width: 4, batch_size: 10}
      """
    return spiralModel(
      train: train, network: layers + ["name: loss, type: SoftmaxWithLoss"],
      solver: "base_lr: 0, max_iter: 1")
  }

  private static let constant = "weight_filler: {type: constant, value: 0.5}"

  @Test("of a hidden layer are reported at their filler")
  func hidden() throws {
    let text = EqualWeightsTests.model([
      "name: ip1, type: Linear, num_output: 8, \(EqualWeightsTests.constant)",
      "name: tanh1, type: TanH", "name: ip2, type: Linear, num_output: 3",
    ])
    let told = try warnings(of: text)
    #expect(told.map(\.kind) == [.equalWeights])
    #expect(told.map(\.layer) == ["ip1"])
    #expect(
      told.first?.text == """
        model.yaml:6:61: warning: layer 'ip1' (Linear): all 16 weights begin as 0.5, so that its \
        8 units are copies of each other and stay equal during training; try weight_filler: \
        xavier, or msra
            6 |   - {name: ip1, type: Linear, num_output: 8, weight_filler: {type: constant, value: 0.5}}
              |                                                             ^
        """)
  }

  /// Layers that share weights are reported once, at the first of them.
  @Test(
    "of any layer of units are reported",
    arguments: [
      ["name: a, type: Linear, num_output: 4, transpose: true, \(constant)"],
      ["name: a, type: DropConnect, num_output: 4, \(constant)"],
      ["name: a, type: Convolution, num_output: 4, kernel_size: 2, \(constant)"],
      ["name: a, type: Convolution, num_output: 4, kernel_size: 2, group: 2, \(constant)"],
      ["name: a, type: Deconvolution, num_output: 4, kernel_size: 2, \(constant)"],
      ["name: a, type: Linear, num_output: 4, \(constant)", "name: norm, type: BatchNorm"],
      [
        "name: a, type: Linear, num_output: 4, param: [{name: w}, {}], \(constant)",
        "name: b, type: Linear, num_output: 4, bottom: data, param: [{name: w}, {}], \(constant)",
        "name: sum, type: Eltwise, bottom: [a, b]",
      ],
    ])
  func everyKind(layers: [String]) throws {
    let text = EqualWeightsTests.model(
      layers + ["name: ip, type: Linear, num_output: 3"], data: "images")
    let told = try warnings(of: text)
    #expect(told.map(\.kind) == [.equalWeights])
    #expect(told.map(\.layer) == ["a"])
  }

  @Test(
    "are accepted where they are harmless",
    arguments: [
      // The labels distinguish the units of the last layer, also behind a scale.
      ["name: ip, type: Linear, num_output: 3, weight_filler: {type: constant, value: 0}"],
      [
        "name: ip, type: Linear, num_output: 3, \(constant)", "name: scale, type: Scale",
        "name: norm, type: BatchNorm",
      ],
      // A single unit has no copy.
      [
        "name: ip1, type: Linear, num_output: 1, \(constant)",
        "name: ip2, type: Linear, num_output: 3",
      ],
      // The weights are frozen.
      [
        "name: ip1, type: Linear, num_output: 8, param: [{lr_mult: 0}, {}], \(constant)",
        "name: ip2, type: Linear, num_output: 3",
      ],
      // Each unit has its own channel.
      [
        "name: conv, type: Convolution, num_output: 2, kernel_size: 2, group: 2, \(constant)",
        "name: ip2, type: Linear, num_output: 3",
      ],
      // These parameters are scales, shifts and slopes.
      [
        "name: ip1, type: Linear, num_output: 4", "name: norm, type: LayerNorm",
        "name: scale, type: Scale, bias_term: true", "name: prelu, type: PReLU",
        "name: bias, type: Bias", "name: ip2, type: Linear, num_output: 3",
      ],
      // The branch adds 0 at first.
      [
        "name: ip1, type: Linear, num_output: 4",
        "name: ip2, type: Linear, num_output: 4, weight_filler: {type: constant, value: 0}",
        "name: sum, type: Eltwise, bottom: [ip1, ip2]", "name: ip3, type: Linear, num_output: 3",
      ],
      // A loss reads the units directly, beside the next layer.
      [
        "name: ip1, type: Linear, num_output: 3, \(constant)",
        "name: aside, type: SoftmaxWithLoss, bottom: [ip1, label]",
        "name: ip2, type: Linear, num_output: 3, bottom: ip1",
      ],
      // The units do not reach a loss.
      [
        "name: idle, type: Linear, num_output: 8, \(constant)",
        "name: idle2, type: Linear, num_output: 8",
        "name: ip2, type: Linear, num_output: 3, bottom: data",
      ],
    ])
  func fine(layers: [String]) throws {
    let told = try warnings(of: EqualWeightsTests.model(layers, data: "images"))
    #expect(told.map(\.text) == [])
  }

  /// The check uses the values, from fillers or from a file.
  @Test("are the initial weights of a run, from fillers or a file")
  func given() throws {
    let folder = try TemporaryFolder()
    func model(_ filler: String) -> String {
      EqualWeightsTests.model([
        "name: ip1, type: Linear, num_output: 8, weight_filler: \(filler)",
        "name: ip2, type: Linear, num_output: 3",
      ])
    }
    let (equal, unequal) = (model("{type: constant, value: 0.25}"), model("msra"))
    for (name, text) in [("equal", equal), ("unequal", unequal)] {
      try run(text, in: folder, output: name)
    }
    let told = try warnings(of: unequal, in: folder) {
      $0.weights = folder.file("equal/weights.safetensors")
    }
    #expect(
      told.map(\.text) == [
        """
        model.yaml:6:5: warning: layer 'ip1' (Linear): all 16 weights begin as 0.25, so that its \
        8 units are copies of each other and stay equal during training; try other initial weights
            6 |   - {name: ip1, type: Linear, num_output: 8, weight_filler: msra…
              |     ^
        """
      ])
    let fine = try warnings(of: equal, in: folder) {
      $0.weights = folder.file("unequal/weights.safetensors")
      $0.overwrites = true
    }
    #expect(fine.map(\.text) == [])
  }
}
