internal import DataSources
internal import Layers
internal import Plans
internal import Solvers
internal import Tensors
package import YAML

/// What a model will take of the machine's memory, known before any of it is taken.
///
/// In bytes, as numbers that do not overflow: a text may ask for more than 64 bits count.
package struct MemoryEstimate: Sendable {
  package let weights: Double
  package let gradients: Double
  package let solverState: Double
  /// The arenas of all plans, with the scratch memory of primitives as far as shapes tell it;
  /// infinite where 64 bits do not count them.
  package let activations: Double
  /// Weights in another form or of another time: the best so far, those that a file is written
  /// from or read into, and those in the layout that a primitive chose; and what a checkpoint is made of.
  package let copies: Double
  /// The examples.
  package let data: Double
  /// What is recorded of the training.
  package let history: Double
  let model: ModelFile
  let parameters: [GraphParameter]
  let graphs: [Graph]
  let dataMark: Mark?

  /// Beside the model: the program, its libraries, and what reading and reporting take.
  static let base = Double(32 << 20)

  /// - Parameters:
  ///   - plans: every plan that will be there at once.
  ///   - isTraining: false for a model whose parameters stay as they are.
  ///   - copyCount: how many times the weights are there beside those that the plans read, and
  ///     beside those that plans of a training keep in another layout.
  ///   - checkpointCopies: how many times the weights are in a checkpoint, beside the solver's state; 0 where none is
  ///     written.
  ///   - dataBytes: the examples.
  ///   - historyBytes: the history.
  ///   - dataMark: where the examples are stated; nil: nowhere in the model file.
  package init(
    _ model: ModelFile, parameters: [GraphParameter], plans: [(Graph, NetworkPlan.Purpose)],
    isTraining: Bool, copyCount: Int, checkpointCopies: Int = 0, dataBytes: Double,
    historyBytes: Double = 0, dataMark: Mark? = nil
  ) {
    let weights = parameters.reduce(0) { $0 + ParameterStore.bytes(of: $1) }
    self.weights = weights
    gradients = isTraining ? weights : 0
    solverState = isTraining ? UpdateMemory.bytes(parameters, model.solver) : 0
    // Read out of memory, and as the bytes of a file.
    let checkpoint =
      checkpointCopies == 0 ? 0 : 2 * (weights * Double(checkpointCopies) + solverState)
    let memory = plans.map {
      NetworkPlan.estimatedMemory($0.0, purpose: $0.1, shards: model.solver.shards)
    }
    // Where parameters are constant, copyCount has all of them.
    let packed = isTraining ? memory.reduce(0) { $0 + $1.packedWeights } : 0
    copies = weights * Double(copyCount) + checkpoint + packed
    activations = memory.reduce(0) { $0 + ($1.arena.map(Double.init) ?? .infinity) }
    data = dataBytes
    history = historyBytes
    self.model = model
    self.parameters = parameters
    graphs = plans.map(\.0)
    self.dataMark = dataMark
  }

  package var total: Double { parts.reduce(0) { $0 + $1.bytes } }

  /// `model needs 372.5 GiB (weights 93.1, gradients 93.1, …), limit 22.1 GiB`, at what takes the
  /// most; nil if it fits.
  package func refusal(limit: Int) -> Diagnostic? {
    guard total > Double(limit) else { return nil }
    let unit = MemoryUnit.of(total)
    return Diagnostic(
      "model needs \(text(in: unit)), limit \(unit.text(Double(limit))) \(unit.name)"
        + largestText(in: unit) + historyAdvice, at: mark)
  }

  /// What to do about a history that takes a good part of the memory.
  private var historyAdvice: String {
    guard history > total / 4 else { return "" }
    return "; the history has a row for every 'display' iterations (\(model.solver.display) here): "
      + "state a greater 'display'"
  }

  /// `372.5 GiB (weights 93.1, gradients 93.1, …)`
  func text(in unit: MemoryUnit) -> String {
    // What would be shown as 0.0 tells nothing.
    let shown = parts.filter { $0.bytes >= unit.bytes / 20 }
      .map { "\($0.name) \(unit.text($0.bytes))" }
    return "\(unit.text(total)) \(unit.name) (\(shown.joined(separator: ", ")))"
  }

  /// What the total is made of.
  private var parts: [(name: String, bytes: Double)] {
    [
      ("weights", weights), ("gradients", gradients), ("solver state", solverState),
      ("activations", activations), ("copies", copies), ("data", data), ("history", history),
      ("program", MemoryEstimate.base),
    ]
  }
}

/// A unit of memory, and how many of it bytes are, with one decimal.
package enum MemoryUnit: Sendable {
  case mebibytes
  case gibibytes

  /// The one in which a size is easily read.
  package static func of(_ bytes: Double) -> MemoryUnit {
    bytes >= 0x1p30 ? .gibibytes : .mebibytes
  }

  package var name: String { self == .mebibytes ? "MiB" : "GiB" }

  var bytes: Double { self == .mebibytes ? 0x1p20 : 0x1p30 }

  package func text(_ size: Double) -> String {
    guard size.isFinite else { return "more than \(0x1p63 / bytes)" }
    let count = size / bytes
    // From here on a Double has no decimals.
    return count < 0x1p50 ? "\((count * 10).rounded() / 10)" : "\(count)"
  }
}
