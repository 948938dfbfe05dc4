package import DataFiles
internal import Tensors

/// The properties of a source's examples that are known before reading them.
package struct DataSignature: Equatable, Sendable {
  /// The tensors of an example: the inputs, then the targets. There is at least one input.
  package let tops: [DataTop]
  /// The number of examples. Nil when only reading shows it.
  package let exampleCount: Int?

  package init(_ tops: [DataTop], exampleCount: Int?) {
    precondition(tops.first.map { !$0.isTarget } ?? false, "the first tensor is an input")
    self.tops = tops
    self.exampleCount = exampleCount
  }

  package var inputs: [DataTop] { tops.filter { !$0.isTarget } }

  package var targets: [DataTop] { tops.filter(\.isTarget) }

  package var topNames: TopNames {
    TopNames(inputs: inputs.map(\.name), targets: targets.map(\.name))
  }

  /// The tensors as `dlrun check` and `dlrun show` print them: "data 2, label: 3 classes".
  package var text: String { tops.map(\.text).joined(separator: ", ") }

  /// The number of input values of an example.
  package var inputCount: Int { inputs.reduce(0) { $0 + $1.width } }

  /// The number of values of an example's targets, without classes.
  package var valueTargetCount: Int {
    targets.reduce(0) { $0 + ($1.hasClasses ? 0 : $1.width) }
  }

  /// The names of the single input's values. Empty when the values have no names, or when there are
  /// several inputs.
  package var inputNames: [String] { inputs.count == 1 ? inputs[0].valueNames : [] }

  /// The classes of the first target that has classes. Nil when they are unknown, or when no target
  /// has classes.
  package var classes: ClassNames? { targets.lazy.compactMap(\.classes).first }

  /// The names that tables of results use: those of the classes, or those of the only target's
  /// values.
  package var labelNames: [String] {
    classes?.names ?? (targets.count == 1 ? targets[0].valueNames : [])
  }

  /// Returns the tensor `name`. Nil when the data do not provide it.
  package subscript(name: String) -> DataTop? { tops.first { $0.name == name } }
}
