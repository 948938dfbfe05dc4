package import YAML

/// Shapes that do not fit, with the expected and the received shape.
///
/// The message does not contain the layer's name; the graph adds it.
package struct ShapeFailure: Error, Sendable {
  /// The text of the message.
  package let message: String
  /// The place of the field that the shapes do not fit. Nil for the place of the layer.
  package let mark: Mark?

  package init(_ message: String, at mark: Mark? = nil) {
    self.message = message
    self.mark = mark
  }
}
