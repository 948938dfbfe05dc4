package import Tensors

/// A layer of units: each output, or channel, has its own weights for its inputs.
///
/// The parameters of the role ``ParameterDeclaration/Role/weight`` hold these weights. Some layers
/// have parameters that belong to a channel alone (scales, shifts, slopes), or to one of the inputs
/// (the rows of ``Embed``). Such layers have no units in this sense.
package protocol UnitLayer: Layer {
  /// The number of units: outputs, or output channels.
  var unitCount: Int { get }

  /// The number of groups of equal size into which the units fall. Two units read the same inputs
  /// only if they belong to the same group.
  var unitGroups: Int { get }

  /// Returns the number of consecutive weights of one unit in a file.
  ///
  /// A file consists of runs of this length. The first run belongs to the first unit, the second
  /// run to the second unit, and so on. After the last unit, the next run belongs to the first unit
  /// again. Nil if the weights have another order.
  func consecutiveWeights(_ weight: Shape) -> Int?
}

extension UnitLayer {
  package var unitLayer: (any UnitLayer)? { self }
  package var unitGroups: Int { 1 }

  /// True if several units read the same inputs. Equal weights then make them copies.
  package var hasUnitsOfSameInputs: Bool { unitCount > unitGroups }
}
