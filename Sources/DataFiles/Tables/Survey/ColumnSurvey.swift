/// The texts of a column: their counts, and the types that all of them fit.
///
/// The types concern the texts that do not mean a missing value.
package struct ColumnSurvey: Sendable {
  package let name: String
  /// The number of cells that have a value.
  package private(set) var valueCount = 0
  /// The number of empty cells.
  package private(set) var emptyCount = 0
  /// The texts that usually mean a missing value, with their counts.
  package private(set) var missingTexts: [String: Int] = [:]
  /// The words that mean a missing value among numbers or dates, such as `unknown`. In a column of
  /// texts they are ordinary texts.
  package private(set) var missingWords: [String: Int] = [:]
  /// The different values with their counts. Empty when there are too many.
  package private(set) var texts: [String: Int] = [:]
  /// Whether there are more different values than `texts` can count.
  package private(set) var hasManyTexts = false
  /// Whether all values are booleans.
  package private(set) var isBoolean = true
  /// Whether some value has blanks at its beginning or end.
  package private(set) var hasPadding = false
  package private(set) var numbers = NumberForms()
  package private(set) var dates = DateForms()
  /// Whether the values are a running number: each is the one above plus 1.
  package private(set) var isRunningNumber = true
  private var last: Int?
  private let textLimit: Int
  private let usualMissing: MissingTexts

  /// The greatest length of a counted text in bytes. Longer ones are not categories.
  private static let textLength = 200

  private static let words: Set<String> = [
    "n/a", "na", "nan", "nat", "nil", "null", "none", "missing", "unknown", "unk", "undefined",
    "#n/a", "#na", "#value!", "n.a.", "n.d.", "nd", "--", "---", ".", "..", "...", "*", "(null)",
    "(none)", "<na>",
  ]

  /// - Parameter missing: the texts that mean a missing value, besides the empty one.
  init(name: String, textLimit: Int, missing: MissingTexts) {
    usualMissing = missing
    self.name = name
    self.textLimit = textLimit
  }

  /// The number of missing values that the usual texts mean.
  package var missingCount: Int { emptyCount + missingTexts.values.reduce(0, +) }

  /// Adds the cells of a block.
  mutating func add(_ block: ParsedBlock, slot: Int) {
    guard block.values.indices.contains(slot) else { return }
    emptyCount += block.missingCounts[slot]
    let counts = block.values[slot].codeCounts(block.firstRows[slot].count)
    // Texts that occur once each have codes in the order of their rows.
    if counts.count != block.rowCount { isRunningNumber = false }
    let texts = block.texts[slot]
    let storage = texts.storage.span
    for index in 0..<texts.count {
      let code = texts.code(ofEntry: index)
      guard counts.indices.contains(code) else { continue }
      add(storage, texts.range(ofEntry: index), count: counts[code])
    }
  }

  private mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>, count: Int) {
    if usualMissing.contains(bytes, range) {
      missingTexts[CellReader.text(bytes, range), default: 0] += count
      isRunningNumber = false
      return
    }
    if range.count <= 9, bytes[range.lowerBound] &- UInt8(ascii: "0") > 9 {
      let text = CellReader.text(bytes, range)
      if ColumnSurvey.words.contains(text.lowercased()) {
        missingWords[text, default: 0] += count
        isRunningNumber = false
        return
      }
    }
    valueCount += count
    addType(bytes, range)
    addText(bytes, range, count)
  }

  private mutating func addType(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    if isBoolean { isBoolean = ColumnSurvey.fits(.boolean, bytes, range) }
    numbers.add(bytes, range)
    dates.add(bytes, range)
    if isRunningNumber {
      let number = numbers.isNumber ? DecimalParser.parse(bytes, range) : nil
      let integer = number.flatMap { Int(exactly: $0) }
      isRunningNumber = integer.map { last == nil || last == $0 - 1 } ?? false
      last = integer.flatMap { $0.magnitude < 1 << 62 ? $0 : nil }
    }
    let blanks: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "\t")]
    if blanks.contains(bytes[range.lowerBound]) || blanks.contains(bytes[range.upperBound - 1]) {
      hasPadding = true
    }
  }

  private mutating func addText(_ bytes: Span<UInt8>, _ range: Range<Int>, _ count: Int) {
    guard !hasManyTexts else { return }
    if range.count <= ColumnSurvey.textLength {
      texts[CellReader.text(bytes, range), default: 0] += count
    }
    if range.count > ColumnSurvey.textLength || texts.count > textLimit {
      hasManyTexts = true
      texts = [:]
    }
  }

  static func fits(_ type: ColumnType, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let content = CellReader.read(
      bytes, range, ColumnRequest(0, type, hasMissingTexts: false), [:], MissingTexts([]))
    if case .value = content { return true }
    return false
  }

  /// The values with their counts, the most frequent first. All spellings of one number are one
  /// value.
  package var rankedTexts: [(text: String, count: Int)] {
    var counts: [String: Int] = [:]
    for (text, count) in texts { counts[LabelIndex.canonicalName(of: text), default: 0] += count }
    return ColumnSurvey.ranked(counts)
  }

  /// Returns counted texts, the most frequent first, then in the order of their bytes.
  package static func ranked(_ counts: [String: Int]) -> [(text: String, count: Int)] {
    counts.map { (text: $0.key, count: $0.value) }.sorted {
      $0.count == $1.count
        ? $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) : $0.count > $1.count
    }
  }
}

extension StoredValues {
  /// Counts the values 0 to `count` − 1. Missing values are not counted.
  fileprivate func codeCounts(_ count: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    func add<Code: FixedWidthInteger>(_ codes: [Code]) {
      for code in codes {
        let index = Int(truncatingIfNeeded: code)
        if index >= 0, index < count { counts[index] += 1 }
      }
    }
    switch self {
    case .uint8(let codes): add(codes)
    case .uint16(let codes): add(codes)
    case .int32(let codes): add(codes)
    case .float32, .float64: break
    }
    return counts
  }
}
