/// A layer that may close: it passes nothing of a unit that is below zero.
package protocol Rectifier: Layer {
  /// Whether it lets nothing through below zero, in either direction.
  var isClosedBelowZero: Bool { get }
}

extension Rectifier {
  package var rectifier: (any Rectifier)? { self }
}
