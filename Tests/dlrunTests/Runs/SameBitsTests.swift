import Foundation
import Kernels
import Oracles
import Testing

/// Tests that the same model file gives the same bytes in every environment.
@Suite(.tags(.slow)) struct SameBitsTests {
  /// The model is large enough for slices, joint steps, tiles and panels.
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

  /// Convolutions of every kind: strides, dilation, groups, one channel a group, transposed, with
  /// channels that fill no vector, and a residual sum.
  private static let images = """
    name: images
    data:
      train: {source: generated_images, channels: 3, height: 12, width: 12, class_count: 4,
              images_per_class: 12, batch_size: 12}
      test: {source: generated_images, channels: 3, height: 12, width: 12, class_count: 4,
             images_per_class: 6, batch_size: 9}
    network:
      - {name: first, type: Convolution, num_output: 20, kernel_size: 5, pad: 2}
      - {name: relu, type: ReLU}
      - {name: one, type: Convolution, num_output: 20, kernel_size: 3, pad: 2, dilation: 2}
      - {name: sum, type: Eltwise, bottom: [relu, one]}
      - {name: grouped, type: Convolution, num_output: 36, kernel_size: 3, stride: 2, group: 4}
      - {name: norm, type: BatchNorm}
      - {name: single, type: Convolution, num_output: 36, kernel_size: 3, pad: 1, group: 36}
      - {name: drop, type: Dropout}
      - {name: larger, type: Deconvolution, num_output: 9, kernel_size: 4, stride: 2, pad: 1}
      - {name: point, type: Convolution, num_output: 17, kernel_size: 1}
      - {name: swish, type: Swish}
      - {name: ip, type: Linear, num_output: 4}
      - {name: loss, type: SoftmaxWithLoss}
      - {name: accuracy, type: Accuracy, phase: test}
    solver: {type: Adam, base_lr: 0.01, max_iter: 10, shards: 3}
    """

  @Test(arguments: [wide, images])
  func doNotDependOnTheInstructionsOfTheProcessor(model: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(model, to: "model.yaml")
    let all = try TileTable.all.map { table in
      try bits("model.yaml", in: folder, environment: [TileTable.variable: table.name])
    }
    #expect(!all.isEmpty && all.allSatisfy { $0 == all[0] })
  }

  @Test("unknown instructions are an error") func unknownInstructions() throws {
    let result = try Program.run(
      ["check", Program.model("spiral")], in: TemporaryFolder(),
      environment: [TileTable.variable: "sse"])
    #expect(result.exitCode == 4)
    #expect(result.errors.hasPrefix("error: DLRUN_VECTORS is \"sse\", and this processor has "))
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
