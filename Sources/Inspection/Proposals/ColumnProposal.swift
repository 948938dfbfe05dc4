internal import YAML

/// A column of a table as a proposed input, or the reason why it is left out.
struct ColumnProposal {
  enum Use {
    /// The fields of the input after `column`, and the number of values that represent it.
    case input(fields: [(name: String, value: String)], width: Int)
    case leftOut(reason: String)
  }

  let name: String
  let use: Use
  /// The content of the column: ranges, categories and gaps.
  let comment: String
  /// Whether the column identifies the rows, so that predictions repeat it.
  let isIdentity: Bool

  /// The number of values that represent the column.
  var width: Int { if case .input(_, let width) = use { width } else { 0 } }

  /// The item of `inputs`, in one line.
  var item: String? {
    guard case .input(let fields, _) = use else { return nil }
    let all = [("column", name.modelWord)] + fields.map { ($0.name, $0.value) }
    return "{" + all.map { "\($0): \($1)" }.joined(separator: ", ") + "}"
  }
}
