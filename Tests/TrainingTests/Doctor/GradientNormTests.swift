import Oracles
import RunOracles
import Testing
import Training

@Suite("Gradients that explode") struct GradientNormTests {
  /// One number x that begins at 1. With loss x² and rate r, each update multiplies x by 1 − 2r.
  private static func model(
    _ solver: String, formula: String = "x * x", start: String = "1", length: Int = 60
  ) -> String {
    """
    data: {train: {source: xor, points_per_quadrant: 1, batch_size: 1}}
    solver: {\(solver), max_iter: \(length)}
    network:
      - {name: x, type: Parameter, shape: [1], filler: {type: constant, value: \(start)}}
      - {name: y, type: Expression, bottom: x, formula: "\(formula)", loss_weight: 1}
    """
  }

  /// An epoch has four batches, so that inspections after the first twenty are 21 updates apart.
  /// The gradient of update t is 2·1.2^(t − 1). Its median in the first ten updates is 4.562, and
  /// it is 3,527 at update 42.
  @Test("are reported at the layer with the greatest gradient")
  func message() throws {
    let told = try warnings(of: GradientNormTests.model("base_lr: 1.1"))
    #expect(told.map(\.kind) == [.explodingGradients])
    #expect(told.map(\.layer) == ["x"])
    #expect(
      told.first?.text == """
        model.yaml:4:5: warning: layer 'x' (Parameter): gradients explode: their norm at update 42 \
        is 3527.0, and was 4.562 at first; 'x.value' has the largest gradient; such a step destroys \
        what the network has learned; try clip_gradients, or a base_lr below 1.1
            4 |   - {name: x, type: Parameter, shape: [1], filler: {type: consta…
              |     ^
        """)
  }

  /// The norm is that of the mean gradient of an update's batches.
  @Test("are the same in several batches of an update")
  func batches() throws {
    let told = try warnings(of: GradientNormTests.model("base_lr: 1.1, iter_size: 4"))
    #expect(told.first?.text.contains(" their norm at update 40 is 2450.0, and was 4.562 ") == true)
  }

  @Test(
    "are not reported if they shrink, stay small, are clipped, or grow while the loss falls",
    arguments: [
      model("base_lr: 0.9"),
      // The norm grows by a factor of 700 and is still small.
      model("base_lr: 1.1", start: "0.001", length: 43),
      model("base_lr: 1.1, clip_gradients: 1000"),
      // The loss falls from a plateau down a slope that becomes ever steeper.
      model("base_lr: 0.01", formula: "-(x * x)", length: 300),
    ])
  func fine(text: String) throws {
    #expect(try warnings(of: text).filter { $0.kind == .explodingGradients }.map(\.text) == [])
  }

  @Test("are reported once, with the parameter of the greatest gradient")
  func once() throws {
    let text = """
      data: {train: {source: xor, points_per_quadrant: 1, batch_size: 1}}
      solver: {base_lr: 1.1, max_iter: 200}
      network:
        - {name: w, type: Parameter, shape: [1], filler: {type: constant, value: 1}}
        - {name: x, type: Parameter, shape: [1], filler: {type: constant, value: 3}}
        - {name: y, type: Expression, bottom: [w, x], formula: "w * w + x * x", loss_weight: 1}
      """
    let told = try warnings(of: text)
    #expect(told.map(\.layer) == ["x"])
  }
}
