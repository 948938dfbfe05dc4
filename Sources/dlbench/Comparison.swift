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

  /// Prints a row for each program, dlrun first: medians, and the speed-up of dlrun.
  func printTable(_ workload: Workload) {
    /// The steps per second. For a job, this is the average over the whole process.
    func speed(_ run: Measurement) -> Double {
      workload.isJob ? Double(workload.steps) / run.totalSeconds : run.stepsPerSecond
    }
    let columns = [
      "steps/s", "min-max", "examples/s", "GFLOP/s", "peak MB", "first step s", "total s",
    ]
    printTable("\(workload.name): \(workload.summary)", columns, speed) { runs in
      let rate = Comparison.median(runs.map(speed))
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
