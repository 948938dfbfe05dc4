package import Layers
package import Solvers

/// A tensor that training changes, with all its users.
package struct GraphParameter: Sendable {
  /// `layer.parameter`, or the name that several layers share.
  package let name: String
  package let declaration: ParameterDeclaration
  package let rateMultiplier: Double
  package let decayMultiplier: Double
  /// In the place of the solver's, where they are stated.
  package var weightDecay: Double?
  package var regularizer: RegularizerField?
  /// The layer that named it first.
  package let owner: String

  package var isTrainable: Bool { declaration.role.isTrained && rateMultiplier > 0 }
}
