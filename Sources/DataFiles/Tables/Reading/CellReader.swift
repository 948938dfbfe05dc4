/// Reads the content of one cell as its column's type.
enum CellReader {
  /// The content of a cell.
  enum Content {
    case value(Double)
    case missing
    /// The cell is not of the column's type, or its number exceeds float32.
    case wrong
    case tooLarge
    /// A category, whose code its column assigns.
    case category
  }

  /// Numbers of this size and more are infinite in float32.
  static let numberBound = 0x1.ffffffp127

  static func read(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ request: ColumnRequest,
    _ order: [String: Int], _ missing: MissingTexts
  ) -> Content {
    if request.hasMissingTexts, missing.contains(bytes, range) { return .missing }
    switch request.type {
    case .number(let decimal, let thousands):
      let number =
        thousands.map {
          GroupedNumber.parse(bytes, range, decimal: decimal.byte, group: $0.byte)
        } ?? DecimalParser.parse(bytes, range, decimal: decimal.byte)
      guard let number else { return .wrong }
      if request.hasMissingTexts, missing.contains(number) { return .missing }
      return number.magnitude < numberBound ? .value(number) : .tooLarge
    case .category:
      // An empty cell is missing even if no text means that.
      if range.isEmpty, request.allowsMissing { return .missing }
      return range.isEmpty || range.count > request.textLimit ? .wrong : .category
    case .boolean: return boolean(bytes, range).map { .value($0 ? 1 : 0) } ?? .wrong
    case .date(let format):
      let days = format.map { $0.days(bytes, range) } ?? ISODate.days(bytes, range)
      return days.map(Content.value) ?? .wrong
    case .datetime(let format):
      let seconds = format.map { $0.seconds(bytes, range) } ?? ISODate.seconds(bytes, range)
      return seconds.map(Content.value) ?? .wrong
    case .ordinal:
      guard range.count <= TableHeader.nameLimit else { return .wrong }
      let name = LabelIndex.canonicalName(of: text(bytes, range))
      return order[name].map { .value(Double($0)) } ?? .wrong
    }
  }

  /// Returns the text in `range`, which is UTF-8.
  static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    unsafe bytes.extracting(range).withUnsafeBufferPointer {
      unsafe String(decoding: $0, as: UTF8.self)
    }
  }

  private static func boolean(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool? {
    guard (1...5).contains(range.count) else { return nil }
    return switch text(bytes, range).lowercased() {
    case "true", "yes", "t", "y", "1": true
    case "false", "no", "f", "n", "0": false
    default: nil
    }
  }
}
