import Foundation
import Oracles
import Testing

/// Tests that the same model file gives the same bytes in every environment.
@Suite(.tags(.slow)) struct SameBitsTests {
  /// The model is large enough for slices, joint steps, tiles and oneDNN's kernels.
  private static let wide = """
    name: wide
    data:
      train: {source: blobs, points_per_class: 45, class_count: 3, features: 40, batch_size: 50}
      test: {source: blobs, points_per_class: 20, class_count: 3, features: 40, batch_size: 32}
    network:
      - {name: ip1, type: Linear, num_output: 300, weight_filler: msra}
      - {name: relu1, type: ReLU}
      - {name: ip2, type: Linear, num_output: 200}
      - {name: tanh2, type: TanH}
      - {name: ip3, type: Linear, num_output: 3}
      - {name: loss, type: SoftmaxWithLoss}
      - {name: accuracy, type: Accuracy, phase: test}
    solver: {base_lr: 0.05, momentum: 0.9, clip_gradients: 5, iter_size: 2, max_iter: 12, shards: 4}
    """

  /// The files of a run that must be equal.
  private struct Bits: Equatable {
    let history: [UInt8]
    let weights: [UInt8]
    let best: [UInt8]?
  }

  private func bits(
    _ model: String, in folder: TemporaryFolder, options: [String] = [],
    environment: [String: String] = [:]
  ) throws -> Bits {
    let output = folder.file("run-\(UUID().uuidString)")
    let result = try Program.run(
      [model, "--output", output] + options, in: folder, environment: environment)
    try #require(result.exitCode == 0, "\(result.errors)")
    func bytes(_ name: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(output)/\(name)")))
    }
    return Bits(
      history: try bytes("history.csv"), weights: try bytes("weights.safetensors"),
      best: try? bytes("best.safetensors"))
  }

  @Test(arguments: ["1", "2", "3", "4", "7"])
  func doNotDependOnThreads(threads: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(SameBitsTests.wide, to: "wide.yaml")
    let reference = try bits("wide.yaml", in: folder)
    #expect(reference.best != nil)
    for _ in 0..<3 {
      #expect(try bits("wide.yaml", in: folder, options: ["--threads", threads]) == reference)
    }
  }

  @Test(arguments: ["spiral", "spiral_adam", "iris", "diabetes"])
  func ofAShippedModelDoNotDependOnThreads(name: String) throws {
    let folder = try TemporaryFolder()
    let reference = try bits(Program.model(name), in: folder, options: ["--threads", "1"])
    for threads in ["2", "3", "4", "7"] {
      #expect(
        try bits(Program.model(name), in: folder, options: ["--threads", threads]) == reference)
    }
  }

  /// The environments have locales with a decimal comma and another sort order, hashing with and
  /// without a random seed, and no variables at all.
  @Test(arguments: [
    ["LC_ALL": "C"], ["LC_ALL": "C.UTF-8"], ["LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"],
    ["SWIFT_DETERMINISTIC_HASHING": "1"], ["TZ": "Asia/Kolkata"], ["OMP_NUM_THREADS": "5"],
    ["HOME": "/nonexistent", "TMPDIR": "/nonexistent"],
  ])
  func doNotDependOnTheEnvironment(environment: [String: String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(SameBitsTests.wide, to: "wide.yaml")
    let reference = try bits("wide.yaml", in: folder)
    #expect(try bits("wide.yaml", in: folder, environment: environment) == reference)
  }

  /// The model file has another path, from another folder.
  @Test func doNotDependOnTheFolder() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    let reference = try bits(Program.model("iris"), in: folder)
    try other.makeFolder("deep/down")
    let path = try Program.shell(
      "realpath --relative-to deep/down '\(Program.model("iris"))'", in: other
    ).output.split(separator: "\n")
    let relative = try #require(path.first.map(String.init))
    let output = other.file("run")
    let result = try Program.shell(
      "cd deep/down && $dlrun '\(relative)' --output '\(output)' --quiet", in: other)
    #expect(result.exitCode == 0)
    #expect(try other.bytes("run/history.csv") == reference.history)
    #expect(try other.bytes("run/weights.safetensors") == reference.weights)
  }

  /// Another seed gives another run. This shows that the comparisons above can fail.
  @Test func dependOnTheSeed() throws {
    let folder = try TemporaryFolder()
    try folder.write(SameBitsTests.wide, to: "wide.yaml")
    let reference = try bits("wide.yaml", in: folder)
    let other = try bits("wide.yaml", in: folder, options: ["--set", "seed=2"])
    #expect(other.history != reference.history)
    #expect(other.weights != reference.weights)
  }
}
