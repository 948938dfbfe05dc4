package import DataFiles

/// A transform that changes one example at a time.
///
/// The result is a pure function of the example and of the random numbers that belong to (seed,
/// transform, example, epoch).
package protocol ExampleTransform: Transform {
  /// The tensors that the transform changes, if it does not name one.
  var scope: TransformScope { get }

  /// Changes the values of an example.
  ///
  /// - Parameters:
  ///   - kind: whether the values may be mixed with their neighbours.
  ///   - draws: the random numbers. Nil in tests, where the result does not depend on chance.
  func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?)
}
