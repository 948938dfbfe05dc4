internal import DataSources
internal import Glibc
internal import Models
internal import Training
internal import YAML

/// dlrun's side of the benchmark: one process a measurement, as each peer's is.
enum OwnProgram {
  /// Trains in this process: warms up, times the steps, and prints the line.
  ///
  /// - Parameter start: when this process was started, on the monotonic clock.
  static func measure(
    _ workload: Workload, steps: Int, threads: Int, start: Double
  ) throws {
    let warmUp = max(1, steps / 4)
    let overrides = [try Override("solver.max_iter=\(warmUp + steps)")]
    let document = try Node.parse(Array(workload.model.utf8), name: workload.name)
    let model = try PreparedModel(document, path: workload.name, overrides: overrides)
    let (train, _, _) = try loadParts(
      train: model.file.data.train, test: nil, directory: ".", seed: model.file.seed)
    let trainer = try Trainer(model, train: train, test: nil, threads: threads)
    var firstStep = 0.0
    var begin = 0.0
    var loss = 0.0
    _ = trainer.run { progress in
      if progress.iteration == 1 { firstStep = ChildProcess.clockSeconds() - start }
      if progress.iteration == warmUp { begin = ChildProcess.clockSeconds() }
      loss = progress.loss
    }
    let rate = Double(steps) / (ChildProcess.clockSeconds() - begin)
    print(
      Node.mapping([
        ("peer", .text("dlrun")), ("workload", .text(workload.name)),
        ("threads", threads.encoded), ("steps_per_s", rate.encoded),
        ("peak_rss_mb", (Double(Machine.peakMemory) / 1_048_576).encoded),
        ("startup_s", firstStep.encoded),
        ("total_s", (ChildProcess.clockSeconds() - start).encoded),
        ("final_loss", loss.encoded),
      ]).json.split(separator: "\n").joined(separator: " "))
  }

  /// Keeps a program on the first processors, as the peers do of themselves.
  static func pinned(_ threads: Int) -> [String] { ["taskset", "--cpu-list", "0-\(threads - 1)"] }

  /// Runs `dlrun` itself on the workload's model, all files written: the whole job.
  ///
  /// - Returns: nil, with a message on standard error, if it failed.
  static func job(_ workload: Workload, steps: Int, threads: Int) -> Measurement? {
    let folder = "/tmp/dlbench-\(getpid())"
    let file = "\(folder).yaml"
    defer {
      unsafe unlink(file)
      _ = ChildProcess.run(["rm", "-rf", folder])
    }
    let program = "\(programFolder())/dlrun"
    do {
      try OutputFile.write(workload.model, to: file)
    } catch {
      return nil
    }
    let run = ChildProcess.run(
      pinned(threads) + [
        program, "train", file, "--set", "solver.max_iter=\(steps)", "--threads", "\(threads)",
        "--output", folder, "--overwrite", "--quiet",
      ])
    guard let run, run.isSuccess else {
      print("\(program) failed: build it first with 'swift build -c release'")
      return nil
    }
    return Measurement(
      peer: "dlrun", stepsPerSecond: Double(steps) / run.seconds,
      peakMegabytes: Double(run.peakBytes) / 1_048_576, totalSeconds: run.seconds)
  }

  /// The folder of this program, where dlrun was built too.
  static func programFolder() -> String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &path, path.count)
    let text = String(
      decoding: path.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.lastIndex(of: "/").map { String(text[..<$0]) } ?? "."
  }
}

extension Measurement {
  /// The figures of a whole process: it has no start of its own.
  init(peer: String, stepsPerSecond: Double, peakMegabytes: Double, totalSeconds: Double) {
    self.peer = peer
    self.stepsPerSecond = stepsPerSecond
    self.peakMegabytes = peakMegabytes
    self.totalSeconds = totalSeconds
    startSeconds = .nan
  }
}
