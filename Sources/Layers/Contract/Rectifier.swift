/// A layer that can block a unit: it passes no value below zero.
///
/// A unit that stays below zero for all examples receives no gradient, and cannot recover by
/// itself.
package protocol Rectifier: Layer {
  /// True if neither values nor gradients pass below zero.
  var isClosedBelowZero: Bool { get }
}

extension Rectifier {
  package var rectifier: (any Rectifier)? { self }
}
