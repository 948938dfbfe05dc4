internal import DataFiles
internal import DataSources
internal import Fields
internal import Files
internal import Glibc
internal import ModelFiles
internal import Networks
internal import Plans
internal import Threads
internal import Training
internal import YAML

/// Runs dlrun for the benchmark. Each measurement has its own process, as for the peers.
enum OwnProgram {
  /// Trains in this process: warms up, times the steps, and prints the line.
  ///
  /// - Parameter start: the start of this process on the monotonic clock.
  static func measure(
    _ workload: Workload, steps: Int, threads: Int, start: Double
  ) throws {
    let warmUp = max(1, steps / 4)
    let overrides = [try Override("solver.max_iter=\(warmUp + steps)")]
    let document = try Node.parse(Array(workload.model.utf8), name: workload.name)
    let model = try PreparedModel(document, path: workload.name, overrides: overrides)
    let (train, _, _) = try loadParts(
      train: model.file.data.train, test: nil, directory: ".", seed: model.file.seed)
    var firstStep = 0.0
    var begin = 0.0
    var loss = 0.0
    func note(_ step: Int) {
      if step == 1 { firstStep = ChildProcess.clockSeconds() - start }
      if step == warmUp { begin = ChildProcess.clockSeconds() }
    }
    if workload.isInference {
      try infer(model, train, workload, steps: warmUp + steps, threads: threads, note)
    } else {
      let trainer = try Trainer(model, train: train, test: nil, threads: threads)
      _ = trainer.run { progress in
        note(progress.iteration)
        loss = progress.loss
        return true
      }
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

  /// Runs the network forward on batch after batch, with its initial weights.
  private static func infer(
    _ model: PreparedModel, _ data: Dataset, _ workload: Workload, steps: Int, threads: Int,
    _ note: (Int) -> Void
  ) throws {
    let graph = try model.graph(.test, batchSize: workload.batchSize)
    let store = try ParameterStore(model.training.parameters, forTraining: false)
    try store.fill(seed: model.file.seed)
    let source = try BatchSource(
      data, batchSize: workload.batchSize, shuffles: false, seed: model.file.seed)
    source.begin(epoch: 0)
    let plan = try NetworkPlan(
      graph, purpose: .prediction, store: store, source: source, shards: model.file.solver.shards,
      cache: ImplementationCache())
    let workers = Workers(count: threads)
    // The last batch may be short.
    let batches = max(data.count / workload.batchSize, 1)
    for step in 1...steps {
      try source.select(batch: step % batches)
      plan.plan.run(on: workers)
      note(step)
    }
  }

  /// Returns the command that pins a program to the first processors, as the peers pin themselves.
  static func pinned(_ threads: Int) -> [String] { ["taskset", "--cpu-list", "0-\(threads - 1)"] }

  /// Runs the whole job: `dlrun` on the workload's model, with all files written.
  ///
  /// - Returns: nil, after printing a message, when it fails.
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

  /// Returns the folder of this program, which also contains dlrun.
  static func programFolder() -> String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &path, path.count)
    let text = String(
      decoding: path.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.lastIndex(of: "/").map { String(text[..<$0]) } ?? "."
  }
}

extension Measurement {
  /// Makes the figures of a whole process. The time to its first step is unknown.
  init(peer: String, stepsPerSecond: Double, peakMegabytes: Double, totalSeconds: Double) {
    self.peer = peer
    self.stepsPerSecond = stepsPerSecond
    self.peakMegabytes = peakMegabytes
    self.totalSeconds = totalSeconds
    startSeconds = .nan
  }
}
