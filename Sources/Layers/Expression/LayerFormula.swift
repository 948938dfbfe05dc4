internal import Expressions
package import Fields
package import YAML

/// The formula of a layer, and its place in the file.
package struct LayerFormula: FieldValue {
  /// The text in the file, for the places of mistakes.
  private let node: Node
  /// The parsed formula.
  let formula: Formula

  /// The formula of a layer before its fields are read.
  static let none = LayerFormula(node: 0.encoded, formula: Formula(number: 0))

  /// Parses a formula that the program, and not a file, gives to a layer inside another layer.
  ///
  /// - Throws: ``FormulaMistake`` if the text is wrong.
  init(_ text: String) throws(FormulaMistake) {
    let formula = try Formula(text)
    try formula.checkTensors()
    self.init(node: .text(text), formula: formula)
  }

  private init(node: Node, formula: Formula) {
    self.node = node
    self.formula = formula
  }

  /// Reports a mistake at its byte of the text in the file.
  func report(_ mistake: FormulaMistake, _ diagnostics: inout Diagnostics) {
    LayerFormula.report(mistake, in: node, &diagnostics)
  }

  private static func report(
    _ mistake: FormulaMistake, in node: Node, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.error(
      "formula: \(mistake.message)", at: node.mark(ofTextAt: mistake.offset),
      suggestion: mistake.suggestion)
  }

  /// Returns the place in the file of a byte of the text.
  func mark(ofByte offset: Int) -> Mark { node.mark(ofTextAt: offset) }

  package static var expectation: String { "a formula such as 'sin(x1) + x1 * x2'" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<LayerFormula> {
    guard let scalar = node.scalar, scalar.resolved != .null else { return .mismatch }
    do throws(FormulaMistake) {
      let formula = try Formula(scalar.text)
      try formula.checkTensors()
      return .value(LayerFormula(node: node, formula: formula))
    } catch {
      report(error, in: node, &diagnostics)
      return .reported
    }
  }

  package var encoded: Node { .text(node.scalar?.text ?? "") }
}
