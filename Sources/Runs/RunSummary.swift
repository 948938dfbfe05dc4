package import Layers
package import ModelFiles
package import Training
package import YAML

/// The results of a finished run.
package struct RunSummary: Sendable {
  /// A table that a metric reports beside its number, such as a confusion matrix.
  package struct Table: Sendable {
    package let name: String
    package let table: ScoreTable

    /// Returns the tables of a part's scores.
    ///
    /// - Parameter classNames: The known class names, by number.
    static func tables(
      of board: Scoreboard?, part: String, classNames: [String]
    ) -> [Table] {
      board?.tables(classNames: classNames).map {
        Table(name: "\(part)_\($0.name)", table: $0.table)
      } ?? []
    }

    /// The table as text, with the names of the columns in the first row.
    package var cells: [[String]] {
      [[table.corner] + table.columns]
        + table.rows.map { row in [row.name] + row.values.map(Table.text) }
    }

    /// Returns a count without decimals, or another number in single precision.
    private static func text(_ value: Double) -> String {
      Int(exactly: value).map(String.init) ?? value.singlePrecision
    }

    /// The table for `run.json`.
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
  package let metrics: [NamedScore]
  package let tables: [Table]
  package let iterations: Int
  /// The number of iterations before the run resumed.
  package let earlierIterations: Int
  package let seconds: Double
  /// The seconds from the start of the run to the end of its first iteration.
  package let firstStepSeconds: Double
  /// The seconds for which the training waited for batches.
  package let waitingSeconds: Double
  package let hasWeights: Bool
  package let expectations: [Expectation]
  /// The name of the blob that is the prediction. Nil when there is none.
  package let prediction: String?
  /// The ranking and the iteration of the best test. Nil when no test was the best.
  package let best: (ranking: Ranking, iteration: Int)?

  /// The speed of the iterations since the run began or resumed.
  package var iterationsPerSecond: Double {
    seconds > 0 ? Double(iterations - earlierIterations) / seconds : 0
  }

  package func value(of metric: String) -> Double? { metrics.first { $0.name == metric }?.value }

  /// The expectations that were not met, each at its place with the number received.
  package var unmetExpectations: Diagnostics { RunSummary.unmet(expectations, by: metrics) }

  /// The expectations for `run.json`.
  private var expectationRecords: [Node] {
    expectations.map { expectation in
      let value = value(of: expectation.metric)
      let isMet = value.map { expectation.holds(for: $0) } ?? false
      let received = value.map { [("received", Node.plain($0.singlePrecision))] } ?? []
      return .mapping(
        [("metric", .text(expectation.metric)), ("expected", .text(expectation.description))]
          + received + [("met", .plain(isMet ? "true" : "false"))])
    }
  }

  package static func unmet(_ expectations: [Expectation], by metrics: [NamedScore]) -> Diagnostics
  {
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

  /// Returns `run.json`, which holds everything that may differ between two runs of the same file.
  func record(of run: TrainingRun, threads: Int) -> Node {
    var pairs: [(RunRecord.Key, Node)] = [
      (.dlrun, .text(Version.dlrun)), (.arithmetic, .plain("\(Version.arithmetic)")),
      (.processor, .text(Machine.processor)),
      (.modelFile, .text(run.modelFile)),
      (.threads, .plain(String(threads))), (.seed, .plain(String(run.model.file.seed))),
      (.iterations, .plain(String(iterations))), (.seconds, .plain("\(seconds)")),
      (.firstStepSeconds, .plain("\(firstStepSeconds)")),
      (.waitingSeconds, .plain("\(waitingSeconds)")),
      (.iterationsPerSecond, .plain("\(iterationsPerSecond)")),
      (.peakMemory, .plain(String(Machine.peakMemory))),
    ]
    if let prediction { pairs.append((.prediction, .text(prediction))) }
    if let best { pairs.append((.best, best.ranking.record(iteration: best.iteration))) }
    pairs.append((.warnings, .sequence(run.warnings.map(\.record))))
    pairs.append(
      (.metrics, .mapping(metrics.map { ($0.name, .plain($0.value.singlePrecision)) })))
    if !tables.isEmpty {
      pairs.append((.tables, .mapping(tables.map { ($0.name, $0.record) })))
    }
    if !expectations.isEmpty { pairs.append((.expectations, .sequence(expectationRecords))) }
    if let beginning = run.beginning { pairs.append((.beginning, .text(beginning))) }
    switch outcome {
    case .completed, .interrupted, .unreadable: break
    case .stoppedEarly(let message): pairs.append((.stoppedEarly, .text(message)))
    case .diverged(let message): pairs.append((.diverged, .text(message)))
    }
    return .mapping(pairs.map { ($0.rawValue, $1) })
  }
}

extension Ranking {
  /// The value for `run.json`.
  fileprivate func record(iteration: Int) -> Node {
    .mapping([
      ("metric", .text(subject)), ("mode", .text(direction.rawValue)),
      ("iteration", .plain(String(iteration))),
    ])
  }
}
