package import Fields
internal import YAML

/// The fields of `data:` beside the parts.
package struct DataHeader: FieldOwner {
  package var split: RowSplit?
  package var fold: RowFold?
  package var memory: MemorySize?

  package init() {}

  package static let fields: [Field<DataHeader>] = [
    .optional(
      RowSplit.name, \.split,
      "The shares of the train source's rows that train and test. Default: each part states its "
        + "own source and rows."),
    .optional(
      RowFold.name, \.fold,
      "The folds of the train source's rows, one for the test. Default: no folds."),
    .optional(
      "memory", \.memory, .any,
      "The memory of an array in a file. Examples of a larger one are read when a batch needs them. "
        + "Default: half of the free memory."),
  ]

  package var inconsistency: String? {
    split != nil && fold != nil ? "expected split or fold, received both" : nil
  }

  package var division: Division? { split.map(Division.split) ?? fold.map(Division.fold) }

  /// The name of the field that divides the rows.
  var divisionName: String { fold == nil ? RowSplit.name : RowFold.name }

  /// Whether a section states a division, even a wrong one.
  static func isDivided(_ node: Node) -> Bool {
    [RowSplit.name, RowFold.name].contains { name in node[name].map { !$0.isNull } ?? false }
  }
}
