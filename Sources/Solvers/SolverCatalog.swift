package import Fields
internal import Kernels
internal import Plans

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
