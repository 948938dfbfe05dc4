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

  /// What a policy or an early stop follows is measured while the model is trained.
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
  }

  /// A warm-up ends within the training, as far as that is known without reading examples.
  static func checkWarmup(
    _ file: ModelFile, _ signature: DataSignature, _ diagnostics: inout Diagnostics
  ) {
    guard let warmup = file.solver.warmup?.length else { return }
    let length = file.solver.length
    let isLonger: Bool
    switch (warmup, length) {
    case (.iterations(let warmup), .iterations(let length)): isLonger = warmup > length
    case (.epochs(let warmup), .epochs(let length)): isLonger = warmup > length
    default:
      guard let count = signature.exampleCount else { return }
      let (batch, size) = (file.data.train.batchSize, file.solver.iterationSize)
      let perEpoch = count / batch + (count % batch == 0 ? 0 : 1)
      func iterations(_ duration: Duration) -> Double {
        switch duration {
        case .iterations(let count): Double(count)
        case .epochs(let count): (Double(count) * Double(perEpoch) / Double(size)).rounded(.up)
        }
      }
      isLonger = iterations(warmup) > iterations(length)
    }
    guard isLonger else { return }
    let node = file.solver.node["warmup"]
    diagnostics.error(
      "warmup: expected a length of at most that of the training (\(length.description)), "
        + "received \(warmup.description)",
      at: (node?["length"] ?? node ?? file.solver.node).mark)
  }
}

extension Duration {
  /// `1 iteration`, `10 epochs`.
  fileprivate var description: String {
    switch self {
    case .iterations(let count): "\(count) iteration\(count == 1 ? "" : "s")"
    case .epochs(let count): "\(count) epoch\(count == 1 ? "" : "s")"
    }
  }
}
