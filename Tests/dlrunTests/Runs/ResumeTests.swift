import Oracles
import Testing

/// Tests `--resume` on the command line.
@Suite struct ResumeTests {
  private static let model = """
    name: spiral
    data: {train: {source: spiral, points_per_class: 10, batch_size: 10}}
    network:
      - {name: ip, type: Linear, num_output: 3}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.1, max_iter: 6, snapshot: 4}
    """

  @Test(
    "continues the latest run, a run or a checkpoint, with and without further options",
    arguments: [
      ["--resume"], ["--resume", "--threads", "1"], ["--resume", "runs/spiral/001"],
      ["--resume=runs/spiral/001", "--threads", "1"],
      ["--resume=runs/spiral/001/checkpoints/00000006.safetensors", "--threads", "1"],
    ])
  func forms(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(ResumeTests.model, to: "model.yaml")
    #expect(try Program.run(["model.yaml", "--quiet"], in: folder).exitCode == 0)
    let result = try Program.run(["model.yaml"] + arguments, in: folder)
    #expect(result.exitCode == 0)
    #expect(
      result.errors
        == "resumes after iteration 6, from runs/spiral/001/checkpoints/00000006.safetensors\n")
    #expect(result.output.hasPrefix("6 iterations, all made before the run resumed\n"))
  }

  @Test(
    "is refused for a path without a run", arguments: ["--resume=nowhere", "--resume nowhere"])
  func nowhere(argument: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(ResumeTests.model, to: "model.yaml")
    let arguments = argument.split(separator: " ").map(String.init)
    let result = try Program.run(["model.yaml"] + arguments + ["--threads", "1"], in: folder)
    #expect(result.exitCode == 1)
    #expect(result.errors == "error: 'nowhere' is not the folder of a run\n")
  }

  @Test("reports the number of new iterations")
  func count() throws {
    let folder = try TemporaryFolder()
    try folder.write(ResumeTests.model, to: "model.yaml")
    #expect(try Program.run(["model.yaml", "--quiet"], in: folder).exitCode == 0)
    let result = try Program.run(
      ["model.yaml", "--resume", "--set", "solver.max_iter=10"], in: folder)
    #expect(result.output.hasPrefix("10 iterations, the last 4 of them in "))
  }
}
