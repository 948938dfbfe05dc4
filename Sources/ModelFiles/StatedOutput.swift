package import YAML

/// A blob that the model file, or the command line, names as the prediction.
package struct StatedOutput: Sendable {
  package let name: String
  /// Where it is named.
  package let mark: Mark

  package init(name: String, mark: Mark) {
    self.name = name
    self.mark = mark
  }
}
