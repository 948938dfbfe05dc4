package import Fields
package import YAML

/// The classes of a classification: how many, or their names by number.
///
///     classes: 10
///     classes: [setosa, versicolor, virginica]
package enum ClassNames: Equatable, Sendable {
  /// Named 0, 1, … where labels are integers.
  case count(Int)
  case names([String])

  /// How many classes there can be.
  package static let range = 2...1_000_000

  package var count: Int {
    switch self {
    case .count(let count): count
    case .names(let names): names.count
    }
  }

  /// The names by number; those of a count are its numbers.
  package var names: [String] {
    switch self {
    case .count(let count): (0..<count).map(String.init)
    case .names(let names): names
    }
  }

  /// Whether both can speak of the same classes: names by name, counts by count.
  func agrees(with other: ClassNames) -> Bool {
    if case .names(let names) = self, case .names(let others) = other { return names == others }
    return count == other.count
  }

  /// For messages: "3 classes", "3 classes ('a', 'b', 'c')".
  var summary: String {
    switch self {
    case .count(let count): "\(count) classes"
    case .names(let names): "\(names.count) classes (\(names.quotedList))"
    }
  }
}

extension ClassNames: FieldValue {
  package static var expectation: String {
    "a number of classes from \(range.lowerBound) to \(range.upperBound) "
      + "or a list of at least \(range.lowerBound) names"
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<ClassNames> {
    guard let items = node.items else {
      return Int.decode(node, &diagnostics).compactMap(of: node) {
        range.contains($0) ? .count($0) : nil
      }
    }
    guard range.contains(items.count) else { return .wrong([WrongValue(refused: node)]) }
    let names = [String].decode(node, &diagnostics)
    if case .value(let names) = names, let index = names.firstRepetition {
      return .wrong([
        WrongValue(
          items[index], expected: "every class once",
          received: "'\(names[index].quotable)' twice")
      ])
    }
    return names.compactMap(of: node, ClassNames.names)
  }

  package var encoded: Node {
    switch self {
    case .count(let count): count.encoded
    case .names(let names): names.encoded
    }
  }
}

extension [String] {
  /// The first index whose text stands earlier too.
  var firstRepetition: Int? {
    var seen: Set<String> = []
    return firstIndex { !seen.insert($0).inserted }
  }

  /// For messages: 'a', 'b', 'c'; of a long list the first ten.
  var quotedList: String {
    let shown = prefix(10).map { "'\($0.quotable)'" }.joined(separator: ", ")
    return count > 10 ? shown + ", …" : shown
  }
}
