internal import ArgumentParser
internal import Functions
internal import Kernels
internal import Networks
internal import Training
internal import YAML

/// Times dlrun and, with `--vs`, the peers' scripts in turn with it.
///
/// On a shared machine, two runs of one configuration can differ by 40 %. Therefore each repeat
/// runs all programs once, in turn, and the comparison uses medians over the repeats.
@main
struct Dlbench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dlbench",
    abstract: "Times dlrun, and its peers in turn with it.",
    discussion: """
      Prints steps/s, examples/s, GFLOP/s, peak memory and the time from process start to the first step. Workloads: \
      \(Workload.all.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ")); start (dlrun with one step, the \
      whole process). With --data: \
      \(ReadingTask.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: "; ")).
      """)

  @Argument(help: "The workloads. Default: all.")
  var workloads: [String] = []

  @Option(help: "The number of compute threads.")
  var threads = 1

  @Option(help: "The number of runs of each program.")
  var repeats = 5

  @Flag(help: "Runs the peers' scripts in turn with dlrun, and prints the ratios of the medians.")
  var vs = false

  @Option(
    parsing: .upToNextOption,
    help: "The peers and modes to run, such as 'torch fused' 'jax scan'. Default: all.")
  var modes: [String] = []

  @Flag(help: "Prints one table in Markdown, as the documentation shows it.")
  var markdown = false

  @Option(help: "The Python program with torch, jax and numpy.")
  var python = "python3"

  @Option(help: "The folder of the peers' scripts.")
  var peers = "Sources/dlbench/peers"

  @Option(
    help: "A checkout of the article's NumPy library. Without it the NumPy peer does not run.")
  var numpyLibrary: String?

  @Option(
    help: "The folder that peers/make_reading_data.py wrote. Without it nothing is read.")
  var data: String?

  @Option(help: .hidden)
  var measure: String?

  @Option(help: .hidden)
  var startedAt: String?

  func validate() throws {
    if let problem = TileTable.problem { throw ValidationError(problem) }
    guard threads >= 1, threads <= 1024, repeats >= 1 else {
      throw ValidationError("--threads and --repeats: expected at least 1")
    }
    let modes = Workload.all.flatMap(\.peers).flatMap { script, modes in
      modes.map { "\(script.split(separator: "_")[0]) \($0)" }
    }
    for mode in self.modes where !modes.contains(mode) {
      throw ValidationError("unknown mode '\(mode.quotable)': expected one such as 'torch fused'")
    }
    let known = Workload.all.map(\.name) + ["start"] + ReadingTask.allCases.map(\.rawValue)
    for name in workloads where !known.contains(name) {
      throw ValidationError(
        "unknown workload '\(name.quotable)' (known: \(known.joined(separator: ", ")))")
    }
  }

  func run() throws {
    if let measure {
      if let task = ReadingTask(rawValue: measure), let data {
        try task.measure(folder: data, threads: threads)
        return
      }
      guard let workload = Workload.all.first(where: { $0.name == measure }) else { return }
      try OwnProgram.measure(
        workload, steps: workload.steps, threads: threads,
        start: startedAt.flatMap(Double.init) ?? 0)
      return
    }
    let chosen = Workload.all.filter { workloads.isEmpty || workloads.contains($0.name) }
    if markdown {
      printMarkdown(chosen)
      return
    }
    for workload in chosen {
      Comparison(programs: programs(for: workload), repeats: repeats).printTable(workload)
    }
    if workloads.isEmpty || workloads.contains("start") { printStart() }
    for task in ReadingTask.allCases
    where data != nil && (workloads.isEmpty || workloads.contains(task.rawValue)) {
      Comparison(programs: programs(for: task), repeats: repeats).printTable(
        "\(task.rawValue): \(task.summary)", unit: task.unit)
    }
  }

  /// Prints a row of Markdown for each workload, and the geometric mean of the ratios.
  private func printMarkdown(_ workloads: [Workload]) {
    print("\(Machine.processor), threads: \(threads), medians of \(repeats) runs\n")
    print(Comparison.markdownHeader)
    var ratios: [Double] = []
    for workload in workloads {
      let comparison = Comparison(programs: programs(for: workload), repeats: repeats)
      print(comparison.markdownRow(workload))
      if let ratio = comparison.leastRatio(workload) { ratios.append(ratio) }
    }
    guard !ratios.isEmpty else { return }
    let mean = exponential(ratios.reduce(0) { $0 + logarithm($1) } / Double(ratios.count))
    print("\ngeometric mean against the best peer: \(Comparison.shown(mean))")
  }

  /// Returns dlrun, then every library that reads the same data.
  private func programs(for task: ReadingTask) -> [Comparison.Program] {
    let (data, threads) = (data ?? "", threads)
    let own = [
      "\(OwnProgram.programFolder())/dlbench", "--measure", task.rawValue, "--data", data,
      "--threads", "\(threads)",
    ]
    let others = vs ? task.peers : []
    let commands =
      [("dlrun", own)]
      + others.map { library in
        let options = ["--task", task.rawValue, "--library", library, "--folder", data]
        return (
          library, [python, "\(peers)/reading_peer.py"] + options + ["--threads", "\(threads)"]
        )
      }
    // torchvision's main process is busy beside its workers, as dlrun's is beside its loaders.
    let pin = task == .images ? [] : OwnProgram.pinned(threads)
    return commands.map { name, command in
      Comparison.Program(name: name) {
        ChildProcess.run(pin + command).flatMap { Measurement(lastLineOf: $0.output) }
      }
    }
  }

  /// Returns dlrun, then every mode of every peer.
  private func programs(for workload: Workload) -> [Comparison.Program] {
    let threads = threads
    var programs = [Comparison.Program(name: "dlrun") { own(workload, threads: threads) }]
    guard vs else { return programs }
    for (script, modes) in workload.peers {
      if script == "numpy_peer.py", numpyLibrary == nil { continue }
      let peer = String(script.split(separator: "_")[0])
      for mode in modes where self.modes.isEmpty || self.modes.contains("\(peer) \(mode)") {
        var command = [
          python, "\(peers)/\(script)", "--workload", workload.name, "--threads", "\(threads)",
          "--mode", mode, "--repeats", "1",
        ]
        if script == "numpy_peer.py", let numpyLibrary { command += ["--library", numpyLibrary] }
        programs.append(
          Comparison.Program(name: "\(peer) \(mode)") {
            ChildProcess.run(command).flatMap { Measurement(lastLineOf: $0.output) }
          })
      }
    }
    return programs
  }

  private func own(_ workload: Workload, threads: Int) -> Measurement? {
    if workload.isJob {
      return OwnProgram.job(workload, steps: workload.steps, threads: threads)
    }
    let run = ChildProcess.run(
      OwnProgram.pinned(threads) + [
        "\(OwnProgram.programFolder())/dlbench", "--measure", workload.name, "--threads",
        "\(threads)", "--started-at", "\(ChildProcess.clockSeconds())",
      ])
    return run.flatMap { Measurement(lastLineOf: $0.output) }
  }

  /// Prints the time of a whole process with a single step, an upper bound of the time to the first
  /// step.
  private func printStart() {
    guard let spiral = Workload.all.first(where: \.isJob) else { return }
    let runs = (0..<max(repeats, 5)).compactMap { _ in
      OwnProgram.job(spiral, steps: 1, threads: threads)?.totalSeconds
    }
    print("start: dlrun with one step, all files written, \(runs.count) runs")
    print("  median \(Comparison.shown(Comparison.median(runs) * 1000)) ms\n")
  }
}

extension Measurement {
  init?(lastLineOf output: String) {
    guard let line = output.split(separator: "\n").last else { return nil }
    self.init(line: String(line))
  }
}
