/// The labels of a column, numbered in order of appearance, and the classes that they name.
///
/// The declaration decides which class a label names:
///
/// - Named classes: the class with the name of the label.
/// - A number C of classes, and integer labels: the label minus the offset, which must be 0 … C −
///   1.
/// - A number C of classes, and other labels: the position of the label among the C sorted labels.
/// - No declaration: the position of the label among all sorted labels. Integers are sorted by
///   value, other labels by code points.
///
/// A label that does not name a class may be an ignored label. It is ignored when the label, or the
/// label minus the offset, equals an ignored label.
///
/// All spellings of one number are the same label: `1` for `1.0` and `01`, and `0.1` for `0.10`.
package struct LabelIndex {
  /// A label with the place of its first appearance.
  package struct Label: Equatable {
    package let text: String
    /// The integer that the label spells.
    let integer: Int?
    /// Whether the label is a number.
    package let isNumber: Bool
    /// The first row with the label.
    package let row: Int
  }

  private var numbers: [String: Int] = [:]
  /// The labels by provisional number.
  package private(set) var labels: [Label] = []

  package init() {}

  /// Takes over the categories of a stored column. Their codes are the provisional numbers.
  package init(_ column: StoredColumn) {
    for (code, name) in column.categories.enumerated() {
      let value = LabelIndex.value(name)
      labels.append(
        Label(
          text: name, integer: LabelIndex.integer(value), isNumber: value != nil,
          row: column.firstRows.indices.contains(code) ? column.firstRows[code] : 0))
      numbers[name] = code
    }
  }

  /// Returns the provisional number of `text`. Nil when the labels exceed the allowed number of
  /// classes.
  mutating func number(of text: String, row: Int) -> Int? {
    if let number = numbers[text] { return number }
    let value = LabelIndex.value(text)
    let integer = LabelIndex.integer(value)
    let name = LabelIndex.name(text, value)
    let number = numbers[name] ?? labels.count
    if number == labels.count {
      guard number < ClassNames.range.upperBound else { return nil }
      labels.append(Label(text: name, integer: integer, isNumber: value != nil, row: row))
      numbers[name] = number
    }
    // Keeps the spelling for the next lookup. The number of kept spellings is bounded, because a
    // number has unlimited spellings.
    if numbers.count < 2 * ClassNames.range.upperBound { numbers[text] = number }
    return number
  }

  private static func value(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return DecimalParser.parse(bytes.span, 0..<bytes.count)
  }

  /// Returns the integer that equals a number. Nil for a fraction, and when the absolute value is
  /// 2⁵³ or more.
  private static func integer(_ value: Double?) -> Int? {
    value.flatMap { abs($0) < 0x1p53 ? Int(exactly: $0) : nil }
  }

  /// Returns one name for all spellings of a number: `1` for `01` and `1.0`, `0.1` for `0.10`.
  ///
  /// Numbers of more than 15 digits are unchanged, because one double may represent several of
  /// them.
  package static func canonicalName(of text: String) -> String { name(text, value(text)) }

  private static func name(_ text: String, _ value: Double?) -> String {
    if let integer = integer(value) { return String(integer) }
    guard let value, value.isFinite, text.utf8.count(where: isDigit) <= 15 else { return text }
    return "\(value)"
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Pairs of labels that differ only in blanks or letter case.
  package var similarLabels: [(Label, Label)] {
    var first: [String: Label] = [:]
    return labels.compactMap { label in
      let words = label.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      let form = words.lowercased()
      if let other = first[form] { return (other, label) }
      first[form] = label
      return nil
    }
  }

  /// The reason why labels do not match the classes.
  ///
  /// It holds the expected classes, and the first row of each wrong label. It has no rows when the
  /// number of labels is wrong.
  package struct Mismatch: Error {
    package let expected: String
    package var rows: [Int] = []
  }

  /// Returns the names of the classes, and the class of each provisional number.
  ///
  /// - Parameters:
  ///   - offset: the label of the first class, for a declared number of classes.
  ///   - ignored: labels that the network ignores.
  package func classes(
    _ declared: ClassNames?, offset: Int = 0, ignoring ignored: Set<Int> = []
  ) throws(Mismatch) -> (names: [String], classOf: [Int]) {
    var range = offset..<Int.max
    if case .count(let count) = declared { range = offset..<offset + count }
    var named: Set<String>?
    if case .names(let declared) = declared { named = Set(declared.map(LabelIndex.canonicalName)) }
    let ignoredLabels = labels.map { label -> Int? in
      guard let integer = label.integer,
        !(named?.contains(label.text) ?? range.contains(integer))
      else { return nil }
      return [integer, integer - offset].first(where: ignored.contains)
    }
    var known = self
    known.labels = zip(labels, ignoredLabels).filter { $0.1 == nil }.map(\.0)
    let (names, classOf) = try known.classesOfAll(declared, offset)
    // `classOf` has one class for each label that is not ignored, in the order of the labels.
    var next = classOf.makeIterator()
    return (names, ignoredLabels.map { $0 ?? next.next() ?? 0 })
  }

  private func classesOfAll(
    _ declared: ClassNames?, _ offset: Int
  ) throws(Mismatch) -> (names: [String], classOf: [Int]) {
    switch declared {
    case .names(let names): (names, try places(in: names))
    case .count(let count): try counted(count, offset)
    case nil: try sorted()
    }
  }

  private func places(in names: [String]) throws(Mismatch) -> [Int] {
    var place: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      // A class named `1.0` matches the label 1, unless another class is named `1`.
      let canonical = LabelIndex.canonicalName(of: name)
      if place[canonical] == nil { place[canonical] = index }
      place[name] = index
    }
    let classOf = labels.map { place[$0.text] }
    let rows = zip(labels, classOf).filter { $1 == nil }.map(\.0.row)
    guard rows.isEmpty else {
      throw Mismatch(expected: "a class (\(names.quotedList))", rows: rows)
    }
    return classOf.compactMap { $0 }
  }

  private func counted(
    _ count: Int, _ offset: Int
  ) throws(Mismatch) -> (names: [String], classOf: [Int]) {
    let range = offset..<offset + count
    guard labels.allSatisfy({ $0.integer != nil }) else {
      let found = try sorted()
      if found.names.count > count { throw surplus(beyond: count, range) }
      guard found.names.count == count else {
        throw Mismatch(
          expected: "\(count) classes, received \(found.names.count) (\(found.names.quotedList))")
      }
      return found
    }
    let integers = labels.map { $0.integer ?? offset }
    let rows = zip(labels, integers).filter { !range.contains($1) }.map(\.0.row)
    guard rows.isEmpty else {
      let isFromOne = offset == 0 && integers.min() == 1 && integers.max() == count
      throw Mismatch(
        expected: "a class from \(offset) to \(offset + count - 1)"
          + (isFromOne ? " (label_offset: 1 for classes from 1)" : ""), rows: rows)
    }
    return (range.map(String.init), integers.map { $0 - offset })
  }

  /// Returns the mismatch for too many labels.
  ///
  /// When most labels, but not all, are integers, it reports the other labels. Otherwise it reports
  /// the labels beyond the count.
  private func surplus(beyond count: Int, _ range: Range<Int>) -> Mismatch {
    let texts = labels.filter { $0.integer == nil }
    if !texts.isEmpty, 2 * texts.count < labels.count {
      return Mismatch(
        expected: "a class from \(range.lowerBound) to \(range.upperBound - 1)",
        rows: texts.map(\.row))
    }
    let known = labels.prefix(count).map(\.text).quotedList
    return Mismatch(
      expected: "one of the \(count) classes in the rows above (\(known))",
      rows: labels[count...].map(\.row))
  }

  private func sorted() throws(Mismatch) -> (names: [String], classOf: [Int]) {
    let areIntegers = labels.allSatisfy { $0.integer != nil }
    let order = labels.indices.sorted {
      let (left, right) = (labels[$0], labels[$1])
      return areIntegers
        ? left.integer ?? 0 < right.integer ?? 0
        : left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
    guard order.count >= ClassNames.range.lowerBound else {
      throw Mismatch(
        expected: "at least \(ClassNames.range.lowerBound) classes, received "
          + "\(order.count) (\(labels.map(\.text).quotedList))")
    }
    var classOf = [Int](repeating: 0, count: labels.count)
    for (place, number) in order.enumerated() { classOf[number] = place }
    return (order.map { labels[$0].text }, classOf)
  }
}
