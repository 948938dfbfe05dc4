internal import YAML

/// The kind of values in a column.
package enum ColumnType: Equatable, Sendable {
  /// Decimal numbers.
  ///
  /// - decimal: the mark before the fraction.
  /// - thousands: the mark between groups of three digits. Nil without groups.
  case number(decimal: DecimalMark = .point, thousands: GroupMark? = nil)
  /// Texts. All spellings of one number are one category: `01`, `1` and `1.0`.
  case category
  /// true, yes, t, y, 1, or false, no, f, n, 0, in capitals or small letters. A column may mix them.
  case boolean
  /// A day: ISO 8601, or a format. Nil means `2024-03-01`.
  case date(DateFormat? = nil)
  /// A time: ISO 8601, or a format. Nil means `2024-03-01T12:30:00`, with an optional fraction and
  /// zone. Without a zone the time is UTC.
  case datetime(DateFormat? = nil)
  /// Texts with an order, from the lowest to the highest.
  case ordinal([String])

  /// The name in a model file.
  package var name: String {
    switch self {
    case .number: "number"
    case .category: "category"
    case .boolean: "boolean"
    case .date: "date"
    case .datetime: "datetime"
    case .ordinal: "ordinal"
    }
  }

  /// Whether numbers of the type may contain `byte` as a mark.
  func marks(_ byte: UInt8) -> Bool {
    guard case .number(let decimal, let thousands) = self else { return false }
    return decimal.byte == byte || thousands?.byte == byte
  }

  /// The expectation in messages.
  var expectation: String {
    switch self {
    case .number: "a number"
    case .category: "a category of at most \(TableHeader.nameLimit) bytes"
    case .boolean: "a boolean (true or false, yes or no, t or f, y or n, 1 or 0)"
    case .date(nil): "a date (YYYY-MM-DD)"
    case .datetime(nil): "a date and time (YYYY-MM-DDThh:mm:ss)"
    case .date(let format?): "a date of the format '\(format.text.quotable)'"
    case .datetime(let format?): "a date and time of the format '\(format.text.quotable)'"
    case .ordinal(let order): "one of the ordered values (\(order.quotedList))"
    }
  }

  /// Returns the stored value of a text. Nil when it is not of the type. Categories have no value.
  package func value(of text: String) -> Double? {
    let bytes = Array(text.utf8)
    var order: [String: Int] = [:]
    if case .ordinal(let names) = self {
      for (rank, name) in names.enumerated() { order[LabelIndex.canonicalName(of: name)] = rank }
    }
    guard
      case .value(let value) = CellReader.read(
        bytes.span, 0..<bytes.count, ColumnRequest(0, self), order, MissingTexts([]))
    else { return nil }
    return value
  }
}
