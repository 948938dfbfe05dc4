package import Fields
package import Kernels
package import Plans
internal import YAML

/// A rule that turns gradients into changes of the parameters.
package protocol Solver: CatalogType {
  /// What the solver keeps for a parameter from one update to the next, by name; each is as large as the parameter and
  /// 0 at first.
  ///
  /// - Parameter isMatrix: whether the parameter is a matrix or a kernel, and not a bias.
  func stateNames(ofMatrix isMatrix: Bool) -> [String]

  /// Writes what the update whose number stands in `rates` needs beside it (bias corrections) to the places from
  /// ``UpdateRates/corrections`` on: once an update, in double precision. The places keep what the update before wrote.
  func correct(_ rates: DoubleView)

  /// Records what the rule needs of a whole parameter before its pass; nothing, where it goes element by element.
  func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation

  /// The kernel that updates one tile of a parameter, in one pass over its memory.
  func updateKernel(_ operands: UpdateOperands) -> any Kernel

  /// Elements that ``recordPreparation(of:_:)`` takes for the largest parameter, as a multiple of its own.
  var preparationCount: Int { get }
}

extension Solver {
  package func correct(_ rates: DoubleView) {}

  package func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation { UpdatePreparation() }

  package var preparationCount: Int { 0 }
}

/// Whose formula a solver follows, where the two differ.
package enum SolverForm: String, FieldChoice {
  case pytorch
  case caffe
}

/// Every solver, one line each.
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
