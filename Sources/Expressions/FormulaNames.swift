internal import YAML

/// The meanings of the names in a formula.
///
/// A name may have several meanings. The first of these has priority:
/// - a name of the model file: a bottom, or one of `constants`
/// - x1, x2, … for the bottoms in order, and x for a single bottom
/// - N, the number of examples in the batch (in testing, of a full training batch), pi and e
/// - `true` and `false`, which are 1 and 0
package struct FormulaNames {
  package enum Meaning: Equatable {
    /// The bottom with this index.
    case bottom(Int)
    case number(Double)
    /// The number of examples.
    case exampleCount
  }

  private var meanings: [String: Meaning] = [:]
  /// All names, as candidates for suggestions.
  private(set) var all: [String] = []
  /// The names that messages list: those of the model file, and x1, x2, … and x.
  private(set) var offered: [String] = []

  /// - Parameter bottoms: the names of the bottoms. Nil for a bottom whose name a formula cannot
  ///   use.
  package init(bottoms: [String?], constants: [(name: String, value: Double)]) {
    for (place, name) in bottoms.enumerated() {
      if let name { add(name, .bottom(place)) }
    }
    for constant in constants { add(constant.name, .number(constant.value)) }
    for place in bottoms.indices { add("x\(place + 1)", .bottom(place)) }
    if bottoms.count == 1 { add("x", .bottom(0)) }
    offered = all
    add("N", .exampleCount)
    add("pi", .number(.pi))
    add("e", .number(2.718281828459045))
    add("true", .number(1))
    add("false", .number(0))
  }

  private mutating func add(_ name: String, _ meaning: Meaning) {
    guard meanings[name] == nil else { return }
    meanings[name] = meaning
    all.append(name)
  }

  package subscript(name: String) -> Meaning? { meanings[name] }

  /// The name of a blob in a formula: the text after the last `/`. Nil if that text cannot be a
  /// name.
  ///
  /// A block puts the text before the `/` in front of its names.
  package static func name(ofBlob name: String) -> String? {
    let last = name.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init)
    return last.flatMap { Formula.isName($0) ? $0 : nil }
  }

  /// The mistake for an unknown name.
  package func unknown(_ name: String, at offset: Int) -> FormulaMistake {
    if FormulaFunction.names.contains(name) {
      return FormulaMistake(
        "'\(name)' is a function: expected '(' after it", at: offset)
    }
    let shown = offered.prefix(20).map(\.quotable)
    let known = shown.isEmpty ? "" : "\(shown.joined(separator: ", ")), "
    return FormulaMistake(
      "unknown name '\(name.quotable)' (known names: \(known)N, pi, e)", at: offset,
      suggestion: all.nearest(to: name))
  }
}
