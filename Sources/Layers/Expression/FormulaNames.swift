package import Fields
package import YAML

/// What the names in a formula mean.
///
/// What the file names comes first: the bottoms, then `constants`. Every bottom is also called x1, x2, … by its place,
/// and a single one x, unless the file calls something else so. Then come pi, e, and N, the number of examples of the
/// batch, in testing of a full training batch.
struct FormulaNames {
  enum Meaning: Equatable {
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
  init(bottoms: [String?], constants: NamedConstants) {
    for (place, name) in bottoms.enumerated() {
      if let name { add(name, .bottom(place)) }
    }
    for constant in constants.values { add(constant.name, .number(constant.value)) }
    for place in bottoms.indices { add("x\(place + 1)", .bottom(place)) }
    if bottoms.count == 1 { add("x", .bottom(0)) }
    offered = all
    add("N", .exampleCount)
    add("pi", .number(.pi))
    add("e", .number(2.718281828459045))
  }

  private mutating func add(_ name: String, _ meaning: Meaning) {
    guard meanings[name] == nil else { return }
    meanings[name] = meaning
    all.append(name)
  }

  subscript(name: String) -> Meaning? { meanings[name] }

  /// What a formula calls the blob `name`: the part behind the last `/`, which a block puts before names; nil if
  /// that is no name in a formula.
  static func name(ofBlob name: String) -> String? {
    let last = name.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init)
    return last.flatMap { FormulaLexer.isName($0) ? $0 : nil }
  }

  /// Why a name means nothing.
  func unknown(_ name: String, at offset: Int) -> FormulaMistake {
    if FormulaFunction.names.contains(name) {
      return FormulaMistake(
        message: "'\(name)' is a function: expected '(' behind it", offset: offset)
    }
    let shown = offered.prefix(20).map(\.quotable)
    let known = shown.isEmpty ? "" : "\(shown.joined(separator: ", ")), "
    return FormulaMistake(
      message: "unknown name '\(name.quotable)' (known names: \(known)N, pi, e)", offset: offset,
      suggestion: all.nearest(to: name))
  }
}

/// Names for numbers, as a field of a model file states them.
package struct NamedConstants: FieldValue {
  var values: [(name: String, value: Double, mark: Mark)] = []

  package static var expectation: String { "a mapping of names to numbers below 3.4e38" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<NamedConstants> {
    guard let pairs = node.pairs else { return .mismatch }
    var constants = NamedConstants()
    var wasReported = false
    for pair in pairs {
      guard let name = pair.key.scalar?.text, FormulaLexer.isName(name) else {
        diagnostics.error(
          "constants: expected a name of letters, digits and _, received \(pair.key.received)",
          at: pair.key.mark)
        wasReported = true
        continue
      }
      guard case .value(let value) = Double.decode(pair.value, &diagnostics), Float(value).isFinite
      else {
        diagnostics.error(
          "constants: expected a number below 3.4e38, received \(pair.value.received)",
          at: pair.value.mark)
        wasReported = true
        continue
      }
      constants.values.append((name, value, pair.key.mark))
    }
    return wasReported ? .reported : .value(constants)
  }

  package var encoded: Node { .mapping(values.map { ($0.name, $0.value.encoded) }) }
}
