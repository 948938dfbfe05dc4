extension ColumnEncoding {
  /// Whether the number of values and of categories is known: a column of categories states them.
  package var isFitted: Bool { kind != .category || categories != nil }

  /// The number of categories of a fitted encoding, with the others and the missing values. 0 for
  /// other types.
  package var categoryCount: Int {
    guard kind == .category else { return 0 }
    return (categories?.count ?? 0) + (other ? 1 : 0) + (missing == .own ? 1 : 0)
  }

  /// Whether a further value says that the value is missing.
  package var hasIndicator: Bool {
    kind == .category
      ? indicator && missing != .own && missing != nil : indicator || missing == .own
  }

  /// The number of values of a row.
  package var width: Int {
    let own =
      switch kind {
      case .number, .boolean, .ordinal: 1
      case .category: form == .oneHot ? categoryCount : 1
      case .date: DateParts.dateNames.count
      case .datetime: DateParts.timeNames.count
      }
    return own + (hasIndicator ? 1 : 0)
  }

  /// One name for each value: `age`, `city=Berlin`, `joined.year_sin`, `age is missing`.
  package var names: [String] {
    let missingName = "\(column) is missing"
    let own: [String] =
      switch kind {
      case .number, .boolean, .ordinal: [column]
      case .category:
        form == .index
          ? [column]
          : (categories ?? []).map { "\(column)=\($0)" } + (other ? ["\(column) is other"] : [])
            + (missing == .own ? [missingName] : [])
      case .date: DateParts.dateNames.map { "\(column).\($0)" }
      case .datetime: DateParts.timeNames.map { "\(column).\($0)" }
      }
    return own + (hasIndicator ? [missingName] : [])
  }
}
