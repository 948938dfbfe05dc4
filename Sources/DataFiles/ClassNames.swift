package import Fields
package import YAML

/// The classes of a classification: their number, or their names by index.
///
///     classes: 10
///     classes: [setosa, versicolor, virginica]
package enum ClassNames: Equatable, Sendable {
  /// A number of classes. Integer labels name them 0, 1, …
  case count(Int)
  case names([String])

  /// The allowed number of classes.
  package static let range = 2...1_000_000

  package var count: Int {
    switch self {
    case .count(let count): count
    case .names(let names): names.count
    }
  }

  /// The names by index. For a number of classes they are the indices.
  package var names: [String] {
    switch self {
    case .count(let count): (0..<count).map(String.init)
    case .names(let names): names
    }
  }

  /// Whether both can describe the same classes. Two lists must have equal names. In other cases
  /// the numbers of classes must be equal.
  package func agrees(with other: ClassNames) -> Bool {
    if case .names(let names) = self, case .names(let others) = other { return names == others }
    return count == other.count
  }

  /// The classes as messages print them: "3 classes", "3 classes ('a', 'b', 'c')".
  package var summary: String {
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
  /// The first index whose text also occurs earlier.
  package var firstRepetition: Int? {
    var seen: Set<String> = []
    return firstIndex { !seen.insert($0).inserted }
  }

  /// The texts as messages print them: 'a', 'b', 'c'. A long list shows the first ten.
  package var quotedList: String {
    let shown = prefix(10).map { "'\($0.quotable)'" }.joined(separator: ", ")
    return count > 10 ? shown + ", …" : shown
  }
}
