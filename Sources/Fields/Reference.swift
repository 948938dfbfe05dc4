internal import YAML

/// The documentation of a catalog entry, for `dlrun help-layer NAME` and similar commands.
package struct Reference: Sendable {
  /// The name in a model file: `Linear`.
  package let name: String
  /// Other names of the same entry: Caffe's `InnerProduct`.
  package let aliases: [String]
  /// One line with the formula.
  package let formula: String
  /// Shapes, edge cases, differences from Caffe, and the source.
  package let discussion: String
  /// An example from a model file, as YAML.
  package let example: String

  package init(
    _ name: String, aliases: [String] = [], formula: String, discussion: String, example: String
  ) {
    self.name = name
    self.aliases = aliases
    self.formula = formula
    self.discussion = discussion
    self.example = example
  }
}
