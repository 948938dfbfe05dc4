/// The tensors that a transform changes, if it does not name one.
package enum TransformScope: Sendable {
  /// The inputs.
  case inputs
  /// The inputs, and the targets with a class for each of their pixels.
  case pixels
  /// The targets with classes.
  case classes
}
