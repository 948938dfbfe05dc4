internal import YAML

/// What the names in a formula mean.
///
/// What the file names comes first: the bottoms, then `constants`. Every bottom is also called x1, x2, … by its place,
/// and a single one x, unless the file calls something else so. Then come pi, e, and N, the number of examples of the
/// batch, in testing of a full training batch; then `true` and `false`, which are 1 and 0.
package struct FormulaNames {
  package enum Meaning: Equatable {
    /// By place.
    case bottom(Int)
    case number(Double)
    /// The number of examples.
    case exampleCount
  }

  private var meanings: [String: Meaning] = [:]
  /// To suggest for an unknown one.
  private(set) var all: [String] = []
  /// Those that the file states or that stand for bottoms: what a message offers.
  private(set) var offered: [String] = []

  /// - Parameter bottoms: by place; nil for one whose name no formula can use.
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

  /// What a formula calls the blob `name`: the part behind the last `/`, which a block puts before names; nil if
  /// that is no name in a formula.
  package static func name(ofBlob name: String) -> String? {
    let last = name.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init)
    return last.flatMap { Formula.isName($0) ? $0 : nil }
  }

  /// Why a name means nothing.
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
