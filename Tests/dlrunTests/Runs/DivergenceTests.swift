import Oracles
import Testing

@Suite struct DivergenceTests {
  /// With an excessive rate, the run ends at the first loss that is not finite.
  @Test func namesTheFirstLayerThatIsNotFinite() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      [Program.model("spiral"), "--set", "solver.base_lr=1e6", "--output", "run"], in: folder)
    #expect(result.exitCode == 3)
    #expect(
      result.errors == """
        error: iteration 6: the loss is nan; first not finite: output 'ip2' of layer 'ip2'

        """)
    let history = try folder.text("run/history.csv").split(separator: "\n")
    #expect(history.count == 7)
    #expect(history.last == "6,1,1000000.0,nan")
  }

  /// The message distinguishes a fused layer from the product that computes it.
  @Test func distinguishesAFusedLayerFromTheProduct() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: moons}}
      network:
        - {name: ip1, type: Linear, num_output: 8, weight_filler: {type: gaussian, std: 1e30}}
        - {name: ip2, type: Linear, num_output: 8, weight_filler: {type: gaussian, std: 1e30}}
        - {name: relu2, type: ReLU}
        - {name: ip3, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 5}
      """, to: "huge.yaml")
    let result = try Program.run(["huge.yaml"], in: folder)
    #expect(result.exitCode == 3)
    #expect(
      result.errors == """
        error: iteration 1: the loss is nan; first not finite: output 'ip2' of layer 'ip2'

        """)
  }

  /// dlrun records the loss in float32. If this number is infinite, the run ends, even if the
  /// scores are finite.
  @Test func namesTheLossIfOnlyTheLossIsNotFinite() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      [Program.model("diabetes"), "--set", "solver.base_lr=1", "--output", "run"], in: folder)
    #expect(result.exitCode == 3)
    #expect(
      result.errors == """
        \(Program.model("diabetes")):18:5: warning: layer 'ip2' (Linear): gradients explode: \
        their norm at update 11 is 2.448e+08, and was 111700.0 at first; 'ip2.weight' has the \
        largest gradient; such a step destroys what the network has learned; try clip_gradients, \
        or a base_lr below 1.0
           18 |   - {name: ip2, type: Linear, num_output: 1,
              |     ^
        error: iteration 28: the loss is inf; first not finite: output 'loss' of layer 'loss'

        """)
    #expect(try folder.text("run/history.csv").hasSuffix("\n28,3,1.0,inf,,\n"))
  }

  /// The loss of a batch is finite, but its update is not.
  @Test func namesAParameterThatIsNotFiniteAfterAnUpdate() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      [
        Program.model("iris"), "--set", "solver.base_lr=1e6", "--set", "solver.weight_decay=1",
        "--output", "run",
      ], in: folder)
    #expect(result.exitCode == 3)
    #expect(
      result.errors == """
        error: iteration 7: the update makes 'ip1.weight' of layer 'ip1' not finite; \
        the learning rate is too high

        """)
    #expect(
      !folder.holds("run/weights.safetensors"), "dlrun must not write weights that are not finite")
    let names = folder.contents
    #expect(
      names == [
        "run/", "run/history.csv", "run/history.svg", "run/model.yaml", "run/report.html",
        "run/run.json",
      ])
  }

  /// Parameters may be finite while the solver's state is not.
  @Test(arguments: [
    ("SGD", "BatchNorm", "the batch makes 'norm.running_var' of layer 'norm' not finite"),
    (
      "Adam", "TanH",
      "the solver's 'second moment' of 'ip.weight' of layer 'ip' is not finite: its gradients are "
        + "too large"
    ),
  ])
  func endsIfAStateIsNotFinite(solver: String, layer: String, reason: String) throws {
    let folder = try TemporaryFolder()
    let rows = String(repeating: "1e25,a\n-1e25,b\n3e25,a\n", count: 4)
    try folder.write("x,y\n" + rows, to: "x.csv")
    try folder.write(
      """
      data: {train: {source: csv, file: x.csv, target: y, batch_size: 12}}
      network:
        - {name: norm, type: \(layer)}
        - {name: ip, type: Linear, num_output: 2, bottom: \(layer == "TanH" ? "data" : "norm"),
           weight_filler: {type: constant, value: 0}}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {type: \(solver), base_lr: 1e-20, max_iter: 9, snapshot: 1}
      """, to: "huge.yaml")
    let result = try Program.run(["huge.yaml", "--output", "run", "--quiet"], in: folder)
    #expect(result.exitCode == 3)
    #expect(result.errors == "error: iteration 1: \(reason)\n")
    #expect(!folder.holds("run/checkpoints"))
  }
}
