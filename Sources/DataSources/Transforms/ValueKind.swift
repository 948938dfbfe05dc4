/// The meaning of the values of a tensor.
package enum ValueKind: Sendable, Equatable {
  case numbers
  /// Classes cannot be mixed with their neighbours. `outside` is the class of pixels that a transform
  /// adds.
  case classes(count: Int, outside: Float)

  /// The value of pixels that a transform adds.
  ///
  /// - Parameter fill: the value of added numbers.
  func outside(_ fill: Double) -> Float {
    if case .classes(_, let outside) = self { outside } else { Float(fill) }
  }
}
