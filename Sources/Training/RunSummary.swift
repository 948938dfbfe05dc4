internal import DataSources
package import Layers
package import Models
package import YAML

/// What a run came to.
package struct RunSummary: Sendable {
  package struct Metric: Sendable {
    package let name: String
    package let value: Double
  }

  /// What a metric tells beside its number.
  package struct Table: Sendable {
    package let name: String
    package let table: ScoreTable

    /// The tables of a part's scores.
    static func tables(
      of board: Scoreboard?, part: String, _ model: PreparedModel
    ) -> [Table] {
      let names = model.signature.classes?.names ?? []
      return board?.tables(classNames: names).map {
        Table(name: "\(part)_\($0.name)", table: $0.table)
      } ?? []
    }

    /// The table as texts, the names of the columns first.
    package var cells: [[String]] {
      [[table.corner] + table.columns]
        + table.rows.map { row in [row.name] + row.values.map(Table.text) }
    }

    /// A count without decimals, another number as single precision has it.
    private static func text(_ value: Double) -> String {
      Int(exactly: value).map(String.init) ?? value.singlePrecision
    }

    /// As `run.json` holds it.
    fileprivate var record: Node {
      .mapping([
        ("columns", Node(.sequence(table.columns.map { .text($0) }))),
        (
          "rows",
          Node(
            .sequence(
              table.rows.map { row in
                .mapping([
                  ("name", .text(row.name)),
                  ("values", Node(.sequence(row.values.map { .plain(Table.text($0)) }))),
                ])
              }))
        ),
      ])
    }
  }

  package let outcome: Trainer.Outcome
  package let metrics: [Metric]
  package let tables: [Table]
  package let iterations: Int
  /// Of them, those that were made before the run went on.
  package let earlierIterations: Int
  package let seconds: Double
  /// From the start of the run to the end of its first iteration.
  package let firstStepSeconds: Double
  package let hasWeights: Bool
  package let expectations: [Expectation]

  /// Of those that were made now.
  package var iterationsPerSecond: Double {
    seconds > 0 ? Double(iterations - earlierIterations) / seconds : 0
  }

  package func value(of metric: String) -> Double? { metrics.first { $0.name == metric }?.value }

  /// Every expectation that is not met, at its place, with what came of it.
  package var unmetExpectations: Diagnostics { RunSummary.unmet(expectations, by: metrics) }

  static func unmet(_ expectations: [Expectation], by metrics: [Metric]) -> Diagnostics {
    var diagnostics = Diagnostics()
    for expectation in expectations {
      let value = metrics.first { $0.name == expectation.metric }?.value
      if let value, expectation.holds(for: value) { continue }
      diagnostics.error(
        "expect: \(expectation.metric): expected \(expectation.description), received "
          + (value?.singlePrecision ?? "none"), at: expectation.mark)
    }
    return diagnostics
  }

  /// The key of `run.json` for the path of the file that was trained.
  private static let modelFileKey = "model_file"

  /// The file that a run was trained from; nil where its `run.json` does not tell.
  static func modelFile(ofRun run: RunDirectory) -> String? {
    guard let bytes = try? InputFile.read(run.file("run.json"), upTo: Limits.textBytes),
      let record = try? Node.parseJSON(bytes)
    else { return nil }
    return record[modelFileKey]?.scalar?.text
  }

  /// `run.json`: all that may vary between two runs of the same file.
  func record(of run: TrainingRun, threads: Int) -> Node {
    let end: [(String, Node)] =
      switch outcome {
      case .completed, .interrupted: []
      case .stoppedEarly(let message): [("stopped_early", .text(message))]
      case .diverged(let message): [("diverged", .text(message))]
      }
    let beginning = run.beginning.map { [("begins_with", Node.text($0))] } ?? []
    return .mapping(
      [
        ("dlrun", .text(Version.dlrun)), ("processor", .text(Machine.processor)),
        (RunSummary.modelFileKey, .text(run.modelFile)), ("threads", .plain(String(threads))),
        ("seed", .plain(String(run.model.file.seed))),
        ("iterations", .plain(String(iterations))), ("seconds", .plain("\(seconds)")),
        ("seconds_to_first_iteration", .plain("\(firstStepSeconds)")),
        ("iterations_per_second", .plain("\(iterationsPerSecond)")),
        ("peak_memory_bytes", .plain(String(Machine.peakMemory))),
        ("warnings", .sequence(run.warnings.map(\.record))),
        ("metrics", .mapping(metrics.map { ($0.name, .plain($0.value.singlePrecision)) })),
      ] + (tables.isEmpty ? [] : [("tables", .mapping(tables.map { ($0.name, $0.record) }))])
        + beginning + end)
  }
}
