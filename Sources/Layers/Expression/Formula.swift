internal import Kernels
package import YAML

/// A formula as it was read: its expression, and where each part of it stands.
///
/// The expression is a list of parts in which operands come before what is made of them, the whole last: nothing that
/// works on a formula recurs, however deep it is.
package struct Formula: Sendable {
  enum Part: Sendable {
    case number(Double)
    case name(String)
    /// Of parts, by number.
    case operation(FormulaOperation, [Int])
    /// Over an axis of an example, or all of them.
    case reduction(FormulaReduction, of: Int, axis: Int?, keepsAxes: Bool)
  }

  /// Where the text stands.
  let node: Node
  let parts: [Part]
  /// By part, in bytes of the text.
  let ranges: [Range<Int>]

  /// The bytes of a formula.
  static let lengthLimit = 10_000
  /// Parentheses, functions, signs and powers inside each other.
  static let depthLimit = 100

  /// - Throws: ``FormulaMistake`` for a text that is no formula.
  init(_ node: Node) throws(FormulaMistake) {
    let text = node.scalar?.text ?? ""
    guard text.utf8.count <= Formula.lengthLimit else {
      throw FormulaMistake(
        message:
          "expected a formula of at most \(Formula.lengthLimit) bytes, received \(text.utf8.count)",
        offset: 0)
    }
    self.node = node
    (parts, ranges) = try FormulaParser.parse(text)
  }

  private init(number: Double) {
    node = number.encoded
    (parts, ranges) = ([.number(number)], [0..<node.received.utf8.count])
  }

  /// What stands in a layer before its formula is read.
  static let none = Formula(number: 0)

  var text: String { node.scalar?.text ?? "" }

  /// A part as it stands in the text, for messages.
  func excerpt(of part: Int) -> String {
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: ranges[part].lowerBound)
    let end = utf8.index(start, offsetBy: ranges[part].count)
    return String(text[start..<end]).quotable
  }

  /// Where a part stands in the file.
  func mark(of part: Int) -> Mark { node.mark(ofTextAt: ranges[part].lowerBound) }

  /// Says what is wrong at a byte of the text, in the file.
  func report(_ mistake: FormulaMistake, _ diagnostics: inout Diagnostics) {
    Formula.report(mistake, in: node, &diagnostics)
  }

  fileprivate static func report(
    _ mistake: FormulaMistake, in node: Node, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.error(
      "formula: \(mistake.message)", at: node.mark(ofTextAt: mistake.offset),
      suggestion: mistake.suggestion)
  }
}

extension Formula: FieldValue {
  package static var expectation: String { "a formula such as 'sin(x1) + x1 * x2'" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<Formula> {
    guard let scalar = node.scalar, scalar.resolved != .null else { return .mismatch }
    do throws(FormulaMistake) {
      return .value(try Formula(node))
    } catch {
      report(error, in: node, &diagnostics)
      return .reported
    }
  }

  package var encoded: Node { .text(text) }
}
