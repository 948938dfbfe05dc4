internal import DataFiles
internal import YAML

/// The names of the tensors that a source provides, which the model file states.
package struct TopNames: Equatable, Sendable {
  /// At least one name.
  package let inputs: [String]
  package let targets: [String]

  package init(inputs: [String] = [DataTop.data], targets: [String] = [DataTop.label]) {
    self.inputs = inputs
    self.targets = targets
  }

  package var all: [String] { inputs + targets }

  /// Reports a target with the name of an input.
  func check(
    _ inputField: String, _ targetField: String, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    guard let name = targets.first(where: inputs.contains) else { return }
    diagnostics.error(
      "\(targetField): expected a top that is not in \(inputField), received '\(name.quotable)'",
      at: (node[targetField] ?? node).mark)
  }
}
