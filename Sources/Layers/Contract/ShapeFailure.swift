package import YAML

/// Shapes that do not fit: expected and received, without the layer's name, which the graph adds.
package struct ShapeFailure: Error, Sendable {
  package let message: String
  /// Where the field is that they do not fit; nil for the layer's own place.
  package let mark: Mark?

  package init(_ message: String, at mark: Mark? = nil) {
    self.message = message
    self.mark = mark
  }
}
