internal import Expressions
internal import Kernels
package import ModelFiles
internal import Plans
package import YAML

/// Estimates the memory of a model before any of it is allocated.
///
/// Values are bytes as floating-point numbers, because a model file may require more bytes than 64
/// bits can count.
package struct MemoryEstimate: Sendable {
  package let weights: Double
  package let gradients: Double
  package let solverState: Double
  /// The arenas of all plans, with the scratch memory of primitives as far as shapes determine it.
  /// Infinite when 64 bits cannot count it.
  package let activations: Double
  /// Copies of the weights in another form or from another time.
  ///
  /// These are the best weights so far, weights for writing or reading a file, and weights in a
  /// primitive's layout. The contents of a checkpoint are included.
  package let copies: Double
  /// The part of the copies that exists while a weights file is read.
  package let readCopies: Double
  /// The examples.
  package let data: Double
  /// The records of training.
  package let history: Double
  let model: ModelFile
  let parameters: [GraphParameter]
  let graphs: [Graph]
  let dataMark: Mark?

  /// The use of checkpoints in a training.
  package enum CheckpointUse: Sendable {
    case none
    case written
    case read
  }

  /// The memory outside of the model: the program, its libraries, and buffers for reading and
  /// reporting.
  static let base = Double(32 << 20)

  /// - Parameters:
  ///   - plans: all plans that exist at the same time.
  ///   - isTraining: false for a model with constant parameters.
  ///   - copyCount: the number of copies of the weights. The weights that plans read do not
  ///     count. In training, copies in another layout do not count either.
  ///   - readCopies: the number of copies while a file is read, before all other copies exist.
  ///   - checkpoint: whether a checkpoint is written or read.
  ///   - dataBytes: the size of the examples.
  ///   - historyBytes: the size of the history.
  ///   - dataMark: the place of the examples in the model file. Nil when they are not stated
  ///     there.
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
      // A checkpoint is written piece by piece, from a copy of all values that continue to change.
      case .written: weights * Double(copyCount + 1) + solverState
      // Reading needs the bytes of the file and the values decoded from them.
      case .read: 2 * (weights * Double(copyCount + 1) + solverState)
      }
    let memory = plans.map {
      NetworkPlan.estimatedMemory($0.0, purpose: $0.1, shards: model.solver.shards)
    }
    // With constant parameters, copyCount includes these layouts. Plans share weights in the same
    // layout.
    let layouts = memory.reduce(into: [PlanMemory.Layout: Double]()) {
      $0.merge($1.packed) { first, _ in first }
    }
    let packed = isTraining ? layouts.values.reduce(0, +) : 0
    // A parameter is filled from a separate array. The system's allocator keeps a part of it for
    // later use.
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

  /// Returns a diagnostic at the largest consumer. Nil when the model fits.
  ///
  /// The message is `model needs 372.5 GiB (weights 93.1, gradients 93.1, …), limit 22.1 GiB`.
  package func refusal(limit: Int) -> Diagnostic? {
    guard total > Double(limit) else { return nil }
    let unit = MemoryUnit.of(total)
    return Diagnostic(
      "model needs \(text(in: unit)), limit \(unit.text(Double(limit))) \(unit.name)"
        + largestText(in: unit) + historyAdvice, at: mark)
  }

  /// The advice for a history that takes a considerable part of the memory.
  private var historyAdvice: String {
    guard history > total / 4 else { return "" }
    return "; the history has a row for every 'display' iterations (\(model.solver.display) here): "
      + "set a greater 'display'"
  }

  /// Returns the total and its parts: `372.5 GiB (weights 93.1, gradients 93.1, …)`.
  func text(in unit: MemoryUnit) -> String {
    // A part that would show as 0.0 is left out.
    let shown = parts.filter { $0.bytes >= unit.bytes / 20 }
      .map { "\($0.name) \(unit.text($0.bytes))" }
    return "\(unit.text(total)) \(unit.name) (\(shown.joined(separator: ", ")))"
  }

  /// The parts of the total.
  private var parts: [(name: String, bytes: Double)] {
    [
      ("weights", weights), ("gradients", gradients), ("solver state", solverState),
      ("activations", activations), ("copies", copies), ("data", data), ("history", history),
      ("program", MemoryEstimate.base),
    ]
  }
}
