package import Tensors

/// A layer of units: each of its outputs, or channels, has weights of its own for what it reads.
///
/// The parameters of the role ``ParameterDeclaration/Role/weight`` hold these weights. Layers whose parameters belong to
/// a channel alone (scales, shifts, slopes), or to one of their inputs (the rows of Embed), have no units in this sense.
package protocol UnitLayer: Layer {
  var unitCount: Int { get }

  /// The units fall into so many groups of equal size; only those of a group read the same inputs.
  var unitGroups: Int { get }

  /// How many weights of a unit follow each other in a file: such runs are those of the first unit, the second, and so
  /// on, and after the last of the first again. Nil if weights do not lie so.
  func runOfWeights(_ weight: Shape) -> Int?
}

extension UnitLayer {
  package var unitLayer: (any UnitLayer)? { self }
  package var unitGroups: Int { 1 }

  /// Whether several units read the same inputs, so that equal weights make them copies.
  package var hasUnitsOfSameInputs: Bool { unitCount > unitGroups }
}
