/// The labels of a column, numbered as they come, and what classes they stand for.
///
/// Which class a label stands for:
///
/// - Named classes: the one of that name.
/// - A number C of classes: where all labels are integers, the label itself, 0 … C − 1; otherwise
///   the label's place among the C labels, sorted.
/// - Nothing declared: the label's place among all labels, sorted: by value where all are integers,
///   otherwise by code points.
///
/// A label that is to be ignored and is below 0, or not below a number of classes, is of no class
/// and stands for itself.
///
/// A label that is a number of integral value (`1.0`, `01`) is the same label as that integer.
struct LabelIndex {
  /// A label as it was first seen.
  struct Label: Equatable {
    let text: String
    /// The integer that it spells.
    let integer: Int?
    /// Whether it is a number at all.
    let isNumber: Bool
    /// The first row that has it.
    let row: Int
  }

  private var numbers: [String: Int] = [:]
  /// By provisional number.
  private(set) var labels: [Label] = []

  /// The provisional number of `text`; nil where there would be more than classes can be.
  mutating func number(of text: String, row: Int) -> Int? {
    if let number = numbers[text] { return number }
    let value = LabelIndex.value(text)
    let integer = LabelIndex.integer(value)
    let name = integer.map(String.init) ?? text
    let number = numbers[name] ?? labels.count
    if number == labels.count {
      guard number < ClassNames.range.upperBound else { return nil }
      labels.append(Label(text: name, integer: integer, isNumber: value != nil, row: row))
      numbers[name] = number
    }
    // Another spelling is found at once the next time; there is no bound on how many there are.
    if numbers.count < 2 * ClassNames.range.upperBound { numbers[text] = number }
    return number
  }

  private static func value(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return DecimalNumber.parse(bytes.span, 0..<bytes.count)
  }

  /// The integer that a number equals, if a double tells it from its neighbours.
  private static func integer(_ value: Double?) -> Int? {
    value.flatMap { abs($0) < 0x1p53 ? Int(exactly: $0) : nil }
  }

  /// Why labels fit no classes: what was expected, and the row of the first label that is wrong,
  /// or nil where it is their number.
  struct Mismatch: Error {
    let expected: String
    let row: Int?
  }

  /// The names of the classes, and for each provisional number its class.
  ///
  /// - Parameter ignoring: labels that are of no class.
  func classes(
    _ declared: ClassNames?, ignoring ignored: Set<Int> = []
  ) throws(Mismatch) -> (names: [String], classOf: [Int]) {
    var limit = Int.max
    if case .count(let count) = declared { limit = count }
    let passedOver = labels.map { label in
      label.integer.flatMap { ignored.contains($0) && !(0..<limit).contains($0) ? $0 : nil }
    }
    var known = self
    known.labels = zip(labels, passedOver).filter { $0.1 == nil }.map(\.0)
    let (names, classOf) = try known.classesOfAll(declared)
    // What is left keeps its order.
    var next = classOf.makeIterator()
    return (names, passedOver.map { $0 ?? next.next() ?? 0 })
  }

  private func classesOfAll(
    _ declared: ClassNames?
  ) throws(Mismatch) -> (names: [String], classOf: [Int]) {
    switch declared {
    case .names(let names): (names, try places(in: names))
    case .count(let count): try counted(count)
    case nil: try sorted()
    }
  }

  private func places(in names: [String]) throws(Mismatch) -> [Int] {
    var place: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      // `1.0` among the names is the label 1, unless another class is called that.
      if let integer = LabelIndex.integer(LabelIndex.value(name)), place[String(integer)] == nil {
        place[String(integer)] = index
      }
      place[name] = index
    }
    var classOf: [Int] = []
    for label in labels {
      guard let index = place[label.text] else {
        throw Mismatch(expected: "a class (\(names.quotedList))", row: label.row)
      }
      classOf.append(index)
    }
    return classOf
  }

  private func counted(_ count: Int) throws(Mismatch) -> (names: [String], classOf: [Int]) {
    guard labels.allSatisfy({ $0.integer != nil }) else {
      let found = try sorted()
      if found.names.count > count { throw surplus(beyond: count) }
      guard found.names.count == count else {
        throw Mismatch(
          expected: "\(count) classes, received \(found.names.count) (\(found.names.quotedList))",
          row: nil)
      }
      return found
    }
    var classOf: [Int] = []
    for label in labels {
      guard let integer = label.integer, (0..<count).contains(integer) else {
        throw Mismatch(expected: "a class from 0 to \(count - 1)", row: label.row)
      }
      classOf.append(integer)
    }
    return (ClassNames.count(count).names, classOf)
  }

  /// The first label that is one too many. Where most labels are numbers of classes, that is the
  /// first that is none.
  private func surplus(beyond count: Int) -> Mismatch {
    let texts = labels.filter { $0.integer == nil }
    if let first = texts.first, 2 * texts.count < labels.count {
      return Mismatch(expected: "a class from 0 to \(count - 1)", row: first.row)
    }
    let known = labels.prefix(count).map(\.text).quotedList
    return Mismatch(
      expected: "one of the \(count) classes in the rows above (\(known))", row: labels[count].row)
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
          + "\(order.count) (\(labels.map(\.text).quotedList))", row: nil)
    }
    var classOf = [Int](repeating: 0, count: labels.count)
    for (place, number) in order.enumerated() { classOf[number] = place }
    return (order.map { labels[$0].text }, classOf)
  }
}
