internal import DataSources
internal import Layers
internal import Models
internal import Solvers
internal import YAML

extension PreparedModel {
  /// The losses and metrics of the test phase, by name.
  static func testScores(of file: ModelFile) -> [String] {
    file.network.filter { $0.header.phase != .train }
      .flatMap { layer in layer.scoredTops.map { layer.tops[$0.index] } }
  }

  /// What a policy, an early stop or a checkpoint follows is measured while the model is trained.
  static func checkMeasured(_ file: ModelFile, _ diagnostics: inout Diagnostics) {
    let solver = file.solver
    let known =
      ["loss"] + (file.data.test == nil ? [] : testScores(of: file).map { "test_\($0)" })
    let stated = [
      ("lr_policy", (solver.policy.value as? any MeasuredPolicy)?.metric),
      ("early_stop", solver.earlyStop?.metric),
    ]
    for (field, metric) in stated {
      guard let metric, !known.contains(metric) else { continue }
      let node = solver.node[field]
      diagnostics.error(
        "\(field): no test of this model reports '\(metric.quotable)' "
          + "(known: \(known.map(\.quotable).joined(separator: ", ")))",
        at: (node?["metric"] ?? node ?? solver.node).mark, suggestion: known.nearest(to: metric))
    }
    if solver.snapshotOn == .best, file.data.test == nil {
      diagnostics.error(
        "snapshot_on: expected a test part in data, of whose tests one is the best",
        at: (solver.node["snapshot_on"] ?? solver.node).mark)
    }
  }

  /// The lengths of training and warm-up, as far as they are known without reading examples.
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
  /// A warm-up that is longer than the training.
  func warmupMistake(_ warmup: Warmup) -> Diagnostic {
    let stated = node["warmup"]
    return Diagnostic(
      "warmup: expected a length of at most that of the training (\(length.description)), received "
        + warmup.length.description, at: (stated?["length"] ?? stated ?? node).mark)
  }
}
