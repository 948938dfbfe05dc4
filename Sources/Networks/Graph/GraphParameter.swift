package import Layers
package import Solvers

/// A parameter of the network. All layers that use its name share it.
package struct GraphParameter: Sendable {
  /// The name `layer.parameter`, or the name that several layers share.
  package let name: String
  package let declaration: ParameterDeclaration
  package let rateMultiplier: Double
  package let decayMultiplier: Double
  /// The parameter's options that replace the solver's. Nil when they are not stated.
  package var weightDecay: Double?
  package var regularizer: RegularizerField?
  /// The layer that defined it first.
  package let owner: String

  package var isTrainable: Bool { declaration.role.isTrained && rateMultiplier > 0 }
}
