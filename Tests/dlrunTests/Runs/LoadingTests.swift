import Oracles
import Testing

/// Trainings whose batches are loaded on demand.
@Suite struct LoadingTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.makeFolder("photos/dark")
    try folder.makeFolder("photos/light")
    for index in 0..<12 {
      let shift = UInt8(index)
      let dark = PNGFile.grey([10 + shift, 20, 30, 5, 9, 2, 7, 30 + shift])
      let light = PNGFile.grey([210 + shift, 220, 230, 205, 209, 202, 207, 230 - shift])
      try folder.write(dark, to: "photos/dark/\(index).png")
      try folder.write(light, to: "photos/light/\(index).png")
    }
    try folder.write(
      """
      data:
        train: {source: images, folder: photos, color: gray, batch_size: 5, scale: 0.01,
                transforms: [{type: resize, size: [2, 12]}, {type: crop, size: [2, 6]}, mirror,
                             {type: gaussian_noise, std: 10}]}
        test: {source: images, folder: photos, color: gray}
      network:
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: accuracy, type: Accuracy, phase: test}
      solver: {base_lr: 0.1, max_iter: 13, test_interval: 5, snapshot: 4}
      """, to: "m.yaml")
  }

  private func train(_ options: [String], output: String) throws -> Program.Result {
    try Program.run(["m.yaml", "--output", output] + options, in: folder)
  }

  @Test func loadersAndThreadsChangeNoBit() throws {
    let expected = try train(["--loaders", "0", "--threads", "1"], output: "a")
    #expect(expected.exitCode == 0, "\(expected.errors)")
    for (name, options) in [
      ("b", ["--loaders", "1"]), ("c", ["--loaders", "4", "--threads", "2"]),
    ] {
      #expect(try train(options, output: name).exitCode == 0)
      for file in ["history.csv", "weights.safetensors", "best.safetensors"] {
        #expect(try folder.bytes("\(name)/\(file)") == folder.bytes("a/\(file)"))
      }
    }
    #expect(try folder.text("a/run.json").contains("\"seconds_waiting_for_data\": "))
  }

  /// A batch in the middle of an epoch follows the checkpoint.
  @Test func resumeInAnEpochGivesTheSameBits() throws {
    #expect(try train([], output: "whole").exitCode == 0)
    let part = try train(["--set", "solver.max_iter=8"], output: "part")
    #expect(part.exitCode == 0, "\(part.errors)")
    let resumed = try Program.run(["m.yaml", "--resume", "part", "--loaders", "2"], in: folder)
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    // The history of the shorter training has a row for its last iteration.
    #expect(
      try folder.bytes("part/weights.safetensors") == folder.bytes("whole/weights.safetensors"))
  }

  /// The pixels of a file are decoded first when a batch needs them.
  @Test func fileThatCannotBeDecodedEndsTheRun() throws {
    var broken = try folder.bytes("photos/light/7.png")
    broken[50] ^= 0xFF
    try folder.write(broken, to: "photos/light/7.png")
    let result = try train([], output: "run")
    #expect(result.exitCode == 1, "\(result.errors)")
    #expect(result.errors.contains("photos/light/7.png: byte "))
    #expect(try folder.text("run/history.csv").hasPrefix("iteration,epoch,"))
    #expect(!folder.contents.contains("run/weights.safetensors"))
  }

  @Test(arguments: ["-1", "257", "many"]) func wrongLoadersAreRefused(_ number: String) throws {
    let result = try train(["--loaders=\(number)"], output: "run")
    #expect(result.exitCode == 2)
    #expect(result.errors.contains("--loaders"))
  }
}
