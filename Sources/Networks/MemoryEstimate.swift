internal import Expressions
package import ModelFiles
internal import Plans
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
  /// The part of the copies that is there while a file of weights is read.
  package let readCopies: Double
  /// The examples.
  package let data: Double
  /// What is recorded of the training.
  package let history: Double
  let model: ModelFile
  let parameters: [GraphParameter]
  let graphs: [Graph]
  let dataMark: Mark?

  /// What happens to the checkpoints of a training.
  package enum CheckpointUse: Sendable {
    case none
    case written
    case read
  }

  /// Beside the model: the program, its libraries, and what reading and reporting take.
  static let base = Double(32 << 20)

  /// - Parameters:
  ///   - plans: every plan that will be there at once.
  ///   - isTraining: false for a model whose parameters stay as they are.
  ///   - copyCount: how many times the weights are there beside those that the plans read, and
  ///     beside those that plans of a training keep in another layout.
  ///   - readCopies: how many times they are there while a file is read, before all other copies.
  ///   - checkpoint: whether one is written or read.
  ///   - dataBytes: the examples.
  ///   - historyBytes: the history.
  ///   - dataMark: where the examples are stated; nil: nowhere in the model file.
  package init(
    _ model: ModelFile, parameters: [GraphParameter], plans: [(Graph, NetworkPlan.Purpose)],
    isTraining: Bool, copyCount: Int, readCopies: Int = 0, checkpoint: CheckpointUse = .none,
    dataBytes: Double,
    historyBytes: Double = 0, dataMark: Mark? = nil
  ) {
    let weights = parameters.reduce(0) { $0 + ParameterStore.bytes(of: $1) }
    self.weights = weights
    gradients = isTraining ? weights : 0
    solverState = isTraining ? UpdateMemory.bytes(parameters, model.solver) : 0
    let taken =
      switch checkpoint {
      case .none: weights * Double(copyCount)
      // Written piece by piece from a copy of all that goes on changing.
      case .written: weights * Double(copyCount + 1) + solverState
      // Read as the bytes of a file, and out of these.
      case .read: 2 * (weights * Double(copyCount + 1) + solverState)
      }
    let memory = plans.map {
      NetworkPlan.estimatedMemory($0.0, purpose: $0.1, shards: model.solver.shards)
    }
    // Where parameters are constant, copyCount has all of them.
    // Plans share what they want in one layout.
    let layouts = memory.reduce(into: [PlanMemory.Layout: Double]()) {
      $0.merge($1.packed) { first, _ in first }
    }
    let packed = isTraining ? layouts.values.reduce(0, +) : 0
    // A parameter is filled from an array of its own, of which the system's allocator keeps a part for what follows.
    let filled = min(parameters.reduce(0) { max($0, ParameterStore.bytes(of: $1)) }, 0x1p25)
    self.readCopies = weights * Double(readCopies)
    copies = max(taken + packed + (isTraining ? filled : 0), self.readCopies)
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
