internal import DataFiles
internal import DataSources
internal import Fields
internal import Files
package import ModelFiles
internal import Networks
internal import Solvers
internal import YAML

extension PreparedModel {
  /// Returns the losses and metrics of the test phase, in the order of the file.
  package static func testScores(of file: ModelFile) -> [ReportedScore] {
    file.network.filter { $0.header.phase != .train }.flatMap { layer in
      layer.scoredTops.map { ReportedScore(layer, $0) }
    }
  }

  /// The losses and metrics of the test phase, in the order in which tests report them.
  package var reportedScores: [ReportedScore] {
    testing.nodes.flatMap { node in
      node.declaration.scoredTops.map { ReportedScore(node.declaration, $0) }
    }
  }

  /// The ranking that decides which of two tests is better. Nil when no score states which values
  /// are better.
  package var ranking: Ranking? { Ranking(reportedScores, file.solver.best) }

  /// Checks that the tests report each metric that a policy, an early stop, the best test or a
  /// checkpoint follows.
  static func checkMeasured(_ file: ModelFile, _ diagnostics: inout Diagnostics) {
    let solver = file.solver
    let scores = file.data.test == nil ? [] : testScores(of: file)
    let stated = [
      ("lr_policy", (solver.policy.value as? any MeasuredPolicy)?.metric),
      ("early_stop", solver.earlyStop?.metric), ("best", solver.best?.metric),
    ]
    for (field, metric) in stated {
      guard let metric, field == "best" || metric != "loss" else { continue }
      let node = solver.node[field]
      let mark = (node?["metric"] ?? node ?? solver.node).mark
      if let score = scores.first(where: { $0.column == metric }) {
        guard solver.direction(of: score) == nil else { continue }
        diagnostics.error(
          "\(field): it is not known whether greater or lower values of '\(metric.quotable)' are better: "
            + (field == "best"
              ? "expected mode: max or min"
              : "expected metric: max or min in its layer, or solver.best with its mode"),
          at: mark)
        continue
      }
      let known = (field == "best" ? [] : ["loss"]) + scores.map(\.column)
      let names = known.isEmpty ? "none" : known.map(\.quotable).joined(separator: ", ")
      diagnostics.error(
        "\(field): no test of this model reports '\(metric.quotable)' (known: \(names))", at: mark,
        suggestion: known.first { $0 == "test_\(metric)" } ?? known.nearest(to: metric))
    }
    if solver.snapshotOn == .best, file.data.test == nil {
      diagnostics.error(
        "snapshot_on: expected a test part in data, because 'best' saves the best test",
        at: (solver.node["snapshot_on"] ?? solver.node).mark)
    } else if solver.snapshotOn == .best, solver.best == nil, Ranking(scores, nil) == nil {
      diagnostics.error(
        "snapshot_on: the tests report only metrics without a known direction: expected metric: max "
          + "or min in a layer, or best in the solver",
        at: (solver.node["snapshot_on"] ?? solver.node).mark)
    }
  }

  /// Checks the lengths of training and warm-up, as far as they are known without reading examples.
  static func checkLengths(
    _ file: ModelFile, _ signature: DataSignature, _ diagnostics: inout Diagnostics
  ) {
    if let count = signature.exampleCount, count > 0 {
      do throws(RunFailure) {
        _ = try TrainingSchedule(file, exampleCount: count)
      } catch {
        if case .refused(let mistakes) = error { diagnostics.merge(mistakes) }
      }
      return
    }
    guard let warmup = file.solver.warmup else { return }
    let isLonger =
      switch (warmup.length, file.solver.length) {
      case (.iterations(let warmup), .iterations(let length)): warmup > length
      case (.epochs(let warmup), .epochs(let length)): warmup > length
      default: false
      }
    if isLonger { diagnostics.report(file.solver.warmupMistake(warmup)) }
  }
}

extension SolverDeclaration {
  /// Returns the mistake of a warm-up that is longer than the training.
  func warmupMistake(_ warmup: Warmup) -> Diagnostic {
    let stated = node["warmup"]
    return Diagnostic(
      "warmup: expected a length of at most that of the training (\(length.description)), received "
        + warmup.length.description, at: (stated?["length"] ?? stated ?? node).mark)
  }
}
