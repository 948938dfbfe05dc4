internal import Plans

/// Runs several programs on one workload in turn, and compares their medians.
struct Comparison {
  struct Program {
    let name: String
    /// Runs the program. Nil when it fails.
    let run: () -> Measurement?
  }

  private let results: [(name: String, runs: [Measurement])]

  /// Runs every program once in each repeat.
  init(programs: [Program], repeats: Int) {
    var runs = programs.map { _ in [Measurement]() }
    for _ in 0..<repeats {
      for (index, program) in programs.enumerated() {
        guard runs[index].count > 0 || runs[0].isEmpty || index == 0 || runs[0].count == 1 else {
          continue  // The program failed in the first repeat and would fail again.
        }
        if let run = program.run() { runs[index].append(run) }
      }
    }
    results = zip(programs.map(\.name), runs).map { ($0, $1) }
  }

  /// Returns the median speed of a program in steps per second. For a job, this is the average over
  /// the whole process. NaN if every run failed.
  private static func speed(_ runs: [Measurement], _ workload: Workload) -> Double {
    median(runs.map { speed($0, workload) })
  }

  private static func speed(_ run: Measurement, _ workload: Workload) -> Double {
    workload.isJob ? Double(workload.steps) / run.totalSeconds : run.stepsPerSecond
  }

  /// The fastest mode of a peer. Nil if none ran.
  private func best(_ peer: String, _ workload: Workload) -> (name: String, runs: [Measurement])? {
    results.filter { $0.name.hasPrefix("\(peer) ") && !$0.runs.isEmpty }.max {
      Comparison.speed($0.runs, workload) < Comparison.speed($1.runs, workload)
    }
  }

  /// The speed of dlrun divided by that of the fastest peer. Nil if no peer ran.
  func leastRatio(_ workload: Workload) -> Double? {
    let own = Comparison.speed(results[0].runs, workload)
    return results.dropFirst().filter { !$0.runs.isEmpty }
      .map { own / Comparison.speed($0.runs, workload) }.min()
  }

  static let markdownHeader = """
    | network | dlrun, steps/s | against the best PyTorch | against the best JAX | peak memory (PyTorch) |
    |---|---|---|---|---|
    """

  /// Returns the row of a table in Markdown.
  func markdownRow(_ workload: Workload) -> String {
    let own = Comparison.speed(results[0].runs, workload)
    func ratio(_ peer: String) -> String {
      guard let best = best(peer, workload) else { return "" }
      let mode = best.name.dropFirst(peer.count + 1).replacing("_", with: " ")
      return "\(Comparison.shown(own / Comparison.speed(best.runs, workload))) x (\(mode))"
    }
    func memory(_ runs: [Measurement]) -> String {
      "\(Int(Comparison.median(runs.map(\.peakMegabytes)).rounded())) MB"
    }
    let peerMemory = best("torch", workload).map { " (\(memory($0.runs)))" } ?? ""
    let cells = [
      workload.summary, Comparison.shown(own), ratio("torch"), ratio("jax"),
      results[0].runs.isEmpty ? "failed" : memory(results[0].runs) + peerMemory,
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }

  /// Prints a row for each program, dlrun first: medians, and the speed-up of dlrun.
  func printTable(_ workload: Workload) {
    let columns = [
      "steps/s", "min-max", "examples/s", "GFLOP/s", "peak MB", "first step s", "total s",
    ]
    let title = "\(workload.name): \(workload.summary)"
    let speed = { (run: Measurement) in Comparison.speed(run, workload) }
    printTable(title, columns, speed) { runs in
      let rate = Comparison.speed(runs, workload)
      return [
        Comparison.shown(rate * Double(workload.batchSize)),
        Comparison.shown(rate * workload.flopsPerStep / 1e9),
        Comparison.shown(Comparison.median(runs.map(\.peakMegabytes))),
        Comparison.shown(Comparison.median(runs.map(\.startSeconds))),
        Comparison.shown(Comparison.median(runs.map(\.totalSeconds))),
      ]
    }
  }

  /// Prints a row for each program that reads data.
  ///
  /// - Parameter unit: the unit of the speed.
  func printTable(_ title: String, unit: String) {
    printTable(title, [unit, "min-max", "peak MB", "s"], \.stepsPerSecond) { runs in
      [
        Comparison.shown(Comparison.median(runs.map(\.peakMegabytes))),
        Comparison.shown(Comparison.median(runs.map(\.totalSeconds))),
      ]
    }
  }

  /// - Parameters:
  ///   - columns: the speed, its range, and the names of the other cells.
  ///   - cells: the cells of a program after the range.
  private func printTable(
    _ title: String, _ columns: [String], _ speed: (Measurement) -> Double,
    _ cells: ([Measurement]) -> [String]
  ) {
    print("\(title); medians of \(results[0].runs.count) runs")
    var rows = [[""] + columns + ["dlrun is"]]
    let own = Comparison.median(results[0].runs.map(speed))
    for (name, runs) in results {
      guard !runs.isEmpty else {
        rows.append([name, "failed"])
        continue
      }
      let rates = runs.map(speed)
      let rate = Comparison.median(rates)
      let range =
        "\(Comparison.shown(rates.min() ?? 0))-\(Comparison.shown(rates.max() ?? 0))"
      rows.append(
        [name, Comparison.shown(rate), range] + cells(runs)
          + [name == "dlrun" ? "" : "\(Comparison.shown(own / rate)) x faster"])
    }
    let numbers = Set(1...columns.count + 1)
    for line in TextTable.lines(rows, indent: "  ", rightAligned: numbers) { print(line) }
    print("")
  }

  static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// Returns a number with three significant digits.
  static func shown(_ number: Double) -> String {
    guard number.isFinite else { return "" }
    if abs(number) >= 100 { return String(Int(number.rounded())) }
    let factor = abs(number) >= 10 ? 10.0 : abs(number) >= 1 ? 100 : 10_000
    return "\((number * factor).rounded() / factor)"
  }
}
