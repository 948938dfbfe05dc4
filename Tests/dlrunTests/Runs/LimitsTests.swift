import Files
import Oracles
import Testing
import YAML

@Suite("Limits of the system") struct LimitsTests {
  private static let model = """
    name: limits
    data:
      train: {source: blobs, features: 200, points_per_class: 500, class_count: 3, batch_size: 300}
    network:
      - {name: ip1, type: Linear, num_output: 1500}
      - {name: relu1, type: ReLU}
      - {name: ip2, type: Linear, num_output: 1500}
      - {name: relu2, type: ReLU}
      - {name: ip3, type: Linear, num_output: 3}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.01, momentum: 0.9, max_iter: 1}

    """

  @Test("of processors determine the default number of threads")
  func affinity() throws {
    let folder = try TemporaryFolder()
    let model = Program.model("iris")
    let result = try Program.shell(
      "processor=$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')\n"
        + "taskset -c $processor \"$dlrun\" train \(model) --quiet --output run", in: folder)
    #expect(result.errors == "" && result.exitCode == 0)
    #expect(try folder.text("run/run.json").contains("\"threads\": 1,"))
  }

  /// Each command succeeds or reports missing memory: from the estimate (1) or at the allocation
  /// (4).
  @Test(
    "of memory cause a message, and leave no folder",
    .tags(.slow), arguments: ["train", "check", "show", "expand"])
  func memory(command: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(LimitsTests.model, to: "m.yaml")
    var codes: Set<Int32> = []
    for megabytes in stride(from: 75, through: 575, by: 50) {
      let output = command == "train" ? "--quiet --output run" : ""
      let result = try Program.shell(
        "ulimit -v \(megabytes << 10) && exec \"$dlrun\" \(command) m.yaml --threads 2 \(output)",
        in: folder)
      // The system cannot load the program.
      guard result.exitCode != 127 else { continue }
      codes.insert(result.exitCode)
      #expect([0, 1, 4].contains(result.exitCode), "\(megabytes) MB: \(result.errors)")
      #expect(result.exitCode == 0 || result.errors.contains("error: "), "\(megabytes) MB")
      if result.exitCode != 0 { #expect(!folder.holds("run"), "\(megabytes) MB") }
      if folder.holds("run") { folder.remove("run") }
    }
    #expect(codes.contains(0))
  }

  @Test("of memory are checked before reading files")
  func leastMemory() throws {
    let folder = try TemporaryFolder()
    let program = "\"$dlrun\" check \(Program.model("iris"))"
    // Raises the limit from the size of the program until it starts. Below that, the loader or the
    // Swift runtime ends the program, the runtime with a signal, which the shell reports.
    var messages: [String] = []
    for megabytes in stride(from: 20, through: 300, by: 5) where messages.isEmpty {
      let result = try Program.shell(
        "ulimit -v \(megabytes << 10) && \(program); exit $?", in: folder)
      if result.exitCode == 4 { messages.append(result.errors) }
    }
    let message = try #require(messages.first)
    #expect(
      message.hasPrefix(
        "error: dlrun needs 24 MiB of memory, and the machine and the limits on this process leave "
      ))
  }
}
