import Oracles
import Testing

@Suite struct CheckGradientsTests {
  /// The derivative of (w·x − 3)²/2 by w, at x = 2 and w = 0.5, is (1 − 3)·2.
  @Test func printsADerivativeBesideItsDifference() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,y\n2,3\n", to: "point.csv")
    try folder.write(
      """
      data:
        train: {source: csv, file: point.csv, target: y, task: regression}
      network:
      - {name: ip1, type: Linear, num_output: 1, bias_term: false,
         weight_filler: {type: constant, value: 0.5}}
      - {name: loss, type: EuclideanLoss}
      solver: {base_lr: 0.1, max_iter: 1}
      """, to: "model.yaml")
    let result = try Program.run(["gradcheck", "model.yaml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(
      lines.first
        == "layer  tensor      elements  agree  kinks  noise  wrong  worst  backward  difference  error"
    )
    let cells = lines.map { $0.split(separator: " ").map(String.init) }
    #expect(cells[1].prefix(9) == ["ip1", "ip1.weight", "1", "1", "0", "0", "0", "0", "-4.0"])
    #expect(cells[2].prefix(9) == ["data", "data", "1", "1", "0", "0", "0", "0", "-1.0"])
    for (line, derivative) in zip(cells[1...2], [-4.0, -1]) {
      let difference = try #require(Double(line[9]))
      #expect(abs(difference - derivative) < 1e-3)
    }
    #expect(lines.last == "2 elements: 2 agree, 0 kinks, 0 too small to tell, 0 wrong")
    #expect(folder.contents == ["model.yaml", "point.csv"])
  }

  /// Checks y = sin(x1) + x1·x2 at x1 = 2, x2 = 5.
  @Test func printsTheArticlesDerivatives() throws {
    let result = try Program.run(["gradcheck", Program.model("autodiff")], in: TemporaryFolder())
    #expect(result.exitCode == 0)
    let lines = result.output.split(separator: "\n").dropFirst().prefix(2)
    let cells = lines.map { $0.split(separator: " ").map(String.init) }
    #expect(
      cells.map { $0.prefix(4) } == [["x1", "x1.value", "1", "1"], ["x2", "x2.value", "1", "1"]])
    for (line, derivative) in zip(cells, [4.5838531635, 2]) {
      let (backward, difference) = (try #require(Double(line[8])), try #require(Double(line[9])))
      #expect(abs(backward - derivative) < 1e-6)
      #expect(abs(difference - derivative) < 1e-3)
    }
  }

  @Test(arguments: ["spiral", "digits", "diabetes"])
  func passesForShippedModels(model: String) throws {
    let result = try Program.run(
      [
        "gradcheck", Program.model(model), "--samples", "10", "--threads", "2", "--set",
        "data.train.batch_size=4",
      ], in: TemporaryFolder())
    #expect(result.exitCode == 0, "\(result.output)")
    #expect(result.errors.isEmpty)
    #expect(result.output.hasSuffix(", 0 wrong\n"))
  }

  /// The derivative of a square root at 0 is infinite, and the root is undefined below 0.
  @Test func endsWith5IfBackwardDisagrees() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data:
        train: {source: xor, points_per_quadrant: 1, batch_size: 1}
      network:
      - {name: x, type: Parameter, shape: [1]}
      - {name: y, type: Expression, bottom: x, formula: "sqrt(x)", loss_weight: 1}
      solver: {base_lr: 0.1, max_iter: 1}
      """, to: "root.yaml")
    let result = try Program.run(["gradcheck", "root.yaml"], in: folder)
    #expect(result.exitCode == 5)
    #expect(
      result.output == """
        layer  tensor   elements  agree  kinks  noise  wrong  worst  backward  difference  error
        x      x.value         1      0      0      0      1      0  inf       nan         nan
        1 elements: 0 agree, 0 kinks, 0 too small to tell, 1 wrong

        """)
    #expect(
      result.errors == "error: backward disagrees with differences: 'x.value' of layer 'x'\n")
  }
}
