import Oracles
import Testing

/// Runs the model file of the article's example of reverse-mode differentiation.
@Suite struct AutodiffTests {
  /// Checks y = sin x1 + x1·x2 at (2, 5), and after one step against its gradient. The gradient is
  /// (cos x1 + x2, x1).
  @Test func followsTheGradientOfTheFormula() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      [Program.model("autodiff"), "--output", "run", "--set", "solver.max_iter=2"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    let rows = try folder.text("run/history.csv").split(separator: "\n").map {
      $0.split(separator: ",")
    }
    let column = try #require(rows[0].firstIndex(of: "loss"))
    let losses = rows.dropFirst().compactMap { Double($0[column]) }
    #expect(losses.count == 2)
    for (loss, expected) in zip(losses, [10.909297426825681, 8.399324727608947]) {
      #expect(abs(loss - expected) < 5e-6)
    }
  }

  @Test func hasOneLoopPerDirection() throws {
    let plan = try Program.run(["plan", Program.model("autodiff")], in: TemporaryFolder())
    #expect(plan.exitCode == 0)
    #expect(plan.output.contains("loop of 3 instructions"))
    #expect(plan.output.contains("loop of 5 instructions"))
  }
}
