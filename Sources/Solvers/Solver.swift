package import Fields
package import Kernels
package import Plans

/// A rule that turns gradients into changes of the parameters.
///
/// For each parameter, the trainer records one kernel per tile (``updateKernel(_:)``). Rules that
/// need the whole parameter first, such as norms, record more in ``recordPreparation(of:_:)``. The
/// kernels of all tiles can run at the same time.
package protocol Solver: CatalogType {
  /// Names the values that the solver keeps for a parameter between updates.
  ///
  /// Each state has as many elements as the parameter, and all elements are 0 at first. Checkpoints
  /// store the states by these names.
  ///
  /// - Parameter isMatrix: true for matrices and kernels, false for biases.
  func stateNames(ofMatrix isMatrix: Bool) -> [String]

  /// Writes the solver's own coefficients of an update, such as bias corrections.
  ///
  /// It runs once per update, in double precision. It reads the update's number in `rates`, and
  /// writes to the places from ``UpdateRates/corrections`` on. These places still hold what the
  /// previous update wrote.
  func correct(_ rates: DoubleView)

  /// Records the steps that need a whole parameter before the pass over its tiles.
  ///
  /// Rules that work element by element record nothing.
  func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation

  /// The kernel that updates one tile of a parameter, in one pass over its memory.
  func updateKernel(_ operands: UpdateOperands) -> any Kernel

  /// The memory that ``recordPreparation(of:_:)`` takes for the largest parameter.
  ///
  /// The unit is the number of elements of that parameter.
  var preparationCount: Int { get }
}

extension Solver {
  package func correct(_ rates: DoubleView) {}

  package func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation { UpdatePreparation() }

  package var preparationCount: Int { 0 }
}

/// The implementation whose formula or defaults a solver follows, where the two differ.
package enum SolverForm: String, FieldChoice {
  /// As in torch.optim.
  case pytorch
  /// As in Caffe.
  case caffe
}

/// All solvers, one line each.
package enum SolverCatalog {
  package static let all = Catalog<any Solver>(
    of: "solver",
    [
      entry(SGD.self),
      entry(Nesterov.self),
      entry(AdaGrad.self),
      entry(AdaDelta.self),
      entry(RMSProp.self),
      entry(Adam.self),
      entry(AdamW.self),
      entry(AMSGrad.self),
      entry(NAdam.self),
      entry(Adamax.self),
      entry(Lion.self),
      entry(LARS.self),
      entry(LAMB.self),
      entry(Muon.self),
    ])

  private static func entry<Type: Solver>(_ type: Type.Type) -> Catalog<any Solver>.Entry {
    Catalog.Entry(type) { $0 }
  }
}
