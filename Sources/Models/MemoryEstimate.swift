internal import Layers
internal import Tensors

/// What a model will take of the machine's memory, known before any of it is taken.
package struct MemoryEstimate: Sendable {
  package let weights: Int
  package let gradients: Int
  package let solverState: Int
  /// The arenas of all plans.
  package let activations: Int
  package let data: Int

  /// Beside the model: the program, its libraries, and what reading and reporting take.
  private static let base = 32 << 20

  /// - Parameters:
  ///   - graphs: every plan that will be there at once.
  ///   - dataBytes: the examples, and the history.
  package init(
    _ model: ModelFile, parameters: [GraphParameter], plans: [(Graph, NetworkPlan.Purpose)],
    isTraining: Bool, dataBytes: Int
  ) {
    weights = MemoryEstimate.sum(
      parameters.map { MemoryEstimate.product($0.declaration.shape.count, 4) })
    gradients = isTraining ? weights : 0
    solverState =
      isTraining ? UpdatePlan.stateBytes(model.solver, parameterBytes: weights) : 0
    activations = MemoryEstimate.sum(
      plans.map {
        NetworkPlan.estimatedBytes($0.0, purpose: $0.1, shards: model.solver.shards) ?? Int.max / 4
      })
    data = dataBytes
  }

  package var total: Int {
    MemoryEstimate.sum([weights, gradients, solverState, activations, data, MemoryEstimate.base])
  }

  /// `model needs 372.5 GiB (weights 93.1, gradients 93.1, …), limit 22.1 GiB`; nil if it fits.
  package func refusal(limit: Int) -> String? {
    guard total > limit else { return nil }
    let unit: MemoryUnit = total >= 1 << 30 ? .gibibytes : .mebibytes
    let shown = parts.map { "\($0.name) \(unit.text($0.bytes))" }.joined(separator: ", ")
    return "model needs \(unit.text(total)) \(unit.name) (\(shown)), limit \(unit.text(limit)) "
      + unit.name
  }

  /// What the total is made of.
  var parts: [(name: String, bytes: Int)] {
    [
      ("weights", weights), ("gradients", gradients), ("solver state", solverState),
      ("activations", activations), ("data", data), ("program", MemoryEstimate.base),
    ].filter { $0.1 > 0 }
  }

  private static func product(_ a: Int, _ b: Int) -> Int {
    let (product, overflows) = a.multipliedReportingOverflow(by: b)
    return overflows ? Int.max / 4 : product
  }

  private static func sum(_ parts: [Int]) -> Int {
    parts.reduce(0) {
      let (sum, overflows) = $0.addingReportingOverflow($1)
      return overflows ? Int.max : sum
    }
  }
}

/// A unit of memory, and how many of it bytes are, with one decimal.
package enum MemoryUnit: Sendable {
  case mebibytes
  case gibibytes

  package var name: String { self == .mebibytes ? "MiB" : "GiB" }

  package func text(_ bytes: Int) -> String {
    let unit = self == .mebibytes ? Double(1 << 20) : Double(1 << 30)
    return "\((Double(bytes) / unit * 10).rounded() / 10)"
  }
}
