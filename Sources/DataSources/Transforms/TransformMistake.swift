/// The reason why a tensor does not suit a transform.
package struct TransformMistake: Error, Equatable {
  /// For example "expected an image of at least 4 x 4".
  package let message: String

  package init(_ message: String) { self.message = message }
}
