package import Fields
package import Kernels
package import Plans

/// A rule that turns gradients into changes of the parameters.
///
/// For each parameter, the trainer records one kernel per tile (``updateKernel(_:)``). A rule that
/// first needs the whole parameter, for example its norm, also records steps in
/// ``recordPreparation(of:_:)``. The kernels of all tiles can run at the same time.
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
  /// The method runs once per update, in double precision. It reads the update's number in `rates`,
  /// and writes to the places from ``UpdateRates/corrections`` on. These places still hold the
  /// values of the previous update.
  func correct(_ rates: DoubleView)

  /// Records the steps that need a whole parameter before the pass over its tiles.
  ///
  /// Rules that work element by element record nothing.
  func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation

  /// The kernel that updates one tile of a parameter, in one pass over its memory.
  func updateKernel(_ operands: UpdateOperands) -> any Kernel

  /// The memory that ``recordPreparation(of:_:)`` needs, in multiples of the largest parameter.
  var preparationCount: Int { get }
}

extension Solver {
  package func correct(_ rates: DoubleView) {}

  package func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation { UpdatePreparation() }

  package var preparationCount: Int { 0 }
}
