package import DataFiles
package import Fields
package import YAML

/// One column of a table, and the values that represent it.
///
///     {column: city, type: category, other: true, missing: own}
///
/// - number: 1 value. boolean: 0 or 1. ordinal: the rank in `order`, from 0.
/// - category: `one_hot`, one value for each category, or `index`, the index of the category.
/// - date and datetime: the parts of a date, such as its position in the year.
///
/// The categories and the value for gaps are learned from the training rows. A model file may state
/// them as `categories` and `fill`. The resolved model file states all of them.
package struct ColumnEncoding: FieldOwner, Equatable {
  package var column = ""
  package var kind = ColumnKind.number
  package var decimal: DecimalMark?
  package var thousands: GroupMark?
  package var format: DateFormat?
  package var order: [String]?
  package var form = CategoryForm.oneHot
  package var other = false
  package var missing: MissingPolicy?
  package var indicator = false
  package var fill: FillValue?
  package var categories: [String]?

  package init() {}

  package init(column: String) { self.column = column }

  package static var fields: [Field<ColumnEncoding>] {
    [
      .required(
        "column", \.column, Constraint("a column's name") { !$0.isEmpty },
        "The name of the column, or a pattern such as x*."),
      .optional("type", \.kind, .any, "The kind of values in the column."),
      .optional(
        "decimal", \.decimal, .any,
        "The mark before the fraction of a number. Default: that of the table."),
      .optional(
        "thousands", \.thousands, .any,
        "The mark between groups of three digits. Default: that of the table, or none beside "
          + "'decimal'."),
      .optional("format", \.format, .any, "The form of a date. Default: ISO 8601."),
      .optional(
        "order", \.order,
        .given(
          .list("a list of at least two different values", of: .any) {
            $0.count >= 2 && $0.firstRepetition == nil
          }), "The values of an ordinal column, from the lowest to the highest."),
      .optional(
        "encoding", \.form, .any, "The values of a category: one for each category, or its index."),
      .optional(
        "other", \.other, .any, "Whether values that training never saw are a further category."),
      .optional(
        "missing", \.missing, .any,
        "The value for missing values. Default: a missing value is refused."),
      .optional(
        "indicator", \.indicator, .any, "Whether a further value says that the value is missing."),
      .optional(
        "fill", \.fill, .any, "The value for missing values. Default: learned from training."),
      .optional(
        "categories", \.categories,
        .given(
          .list("a list of different categories", of: .any) {
            !$0.isEmpty && $0.firstRepetition == nil
          }), "The categories, in the order of their indices. Default: those of training, sorted."),
    ]
  }

  package var idleFields: [IdleField] {
    var idle: [IdleField] = []
    let reason = "the type is \(kind.rawValue)"
    if kind != .number {
      idle += [IdleField("decimal", since: reason), IdleField("thousands", since: reason)]
    }
    if kind != .date, kind != .datetime { idle.append(IdleField("format", since: reason)) }
    if kind != .ordinal { idle.append(IdleField("order", since: reason)) }
    if kind != .category {
      idle += ["encoding", "other", "categories"].map { IdleField($0, since: reason) }
    }
    if missing == nil || missing == .row {
      let policy = missing == nil ? "'missing' is not stated" : "rows with gaps are left out"
      idle += [IdleField("indicator", since: policy), IdleField("fill", since: policy)]
    } else if kind == .category, missing == .own {
      idle.append(IdleField("fill", since: "missing values are a category of their own"))
      idle.append(IdleField("indicator", since: "missing values are a category of their own"))
    }
    return idle
  }

  package var inconsistency: String? {
    if kind == .ordinal, order == nil {
      return "'order' is missing: expected the values of the ordinal column, from the lowest to "
        + "the highest"
    }
    if kind == .number, let decimal,
      let mistake = NumberMarks(decimal: decimal, thousands: thousands).mistake
    {
      return mistake
    }
    if let missing, !policies.contains(missing) {
      return "missing: expected one of \(policies.map(\.rawValue).joined(separator: ", ")) for the "
        + "type \(kind.rawValue), received '\(missing.rawValue)'"
    }
    if missing == .constant, fill == nil {
      return "'fill' is missing: expected the value for missing values"
    }
    if kind == .category, missing == .constant, let fill, let categories, !other,
      !categories.contains(fill.text)
    {
      return "fill: expected one of the categories, received '\(fill.text.quotable)'"
    }
    if let fill, kind != .category, value(of: fill) == nil {
      return "fill: expected a value of the type \(kind.rawValue), received "
        + "'\(fill.text.quotable)'"
    }
    return nil
  }

  /// The policies that make sense for the type.
  private var policies: [MissingPolicy] {
    switch kind {
    case .number, .date, .datetime: MissingPolicy.allCases
    case .ordinal: MissingPolicy.allCases.filter { $0 != .mean }
    case .category, .boolean: [.mostFrequent, .own, .constant, .row]
    }
  }

  /// Returns the marks of the column's numbers: the stated ones, and otherwise those of the table.
  func marks(in table: NumberMarks) -> NumberMarks {
    NumberMarks(
      decimal: decimal ?? table.decimal,
      thousands: thousands ?? (decimal == nil ? table.thousands : nil))
  }

  /// Returns the type of the stored column.
  ///
  /// - Parameter marks: the marks in numbers of the table.
  package func columnType(_ marks: NumberMarks = NumberMarks()) -> ColumnType {
    switch kind {
    case .number: self.marks(in: marks).columnType
    case .category: .category
    case .boolean: .boolean
    case .date: .date(format)
    case .datetime: .datetime(format)
    case .ordinal: .ordinal(order ?? [])
    }
  }

  /// Returns the request that reads the column.
  ///
  /// - Parameters:
  ///   - field: the field of the model file that states the column.
  ///   - mark: the position of the column in that field. Nil for the position of the field.
  ///   - marks: the marks in numbers of the table.
  package func request(
    _ index: Int, field: String?, mark: Mark? = nil, _ marks: NumberMarks = NumberMarks()
  ) -> ColumnRequest {
    ColumnRequest(
      index, columnType(marks), allowsMissing: missing != nil, field: field, mark: mark)
  }
}
