package import YAML

/// The prediction blob that the model file or the command line names.
package struct StatedOutput: Sendable {
  package let name: String
  /// The place that names it.
  package let mark: Mark

  package init(name: String, mark: Mark) {
    self.name = name
    self.mark = mark
  }
}
