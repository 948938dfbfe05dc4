package import YAML

/// A formula of a model file.
///
/// In `$(…)` it computes a value while the file is read. In the layer `Expression` it computes
/// tensors. Both share the grammar of ``FormulaParser``, and each has its evaluator: ``value(_:)``
/// and ``FormulaTerms``.
///
/// The formula is a list of parts. Operands precede the part that uses them, and the whole formula
/// is the last part. Therefore the evaluators need no recursion, even for deep formulas.
package struct Formula: Sendable {
  package enum Part: Sendable {
    /// A number as written.
    case number(Scalar)
    /// A quoted text.
    case text(String)
    case name(String)
    /// A sign or `not`, and the index of its operand.
    case prefix(FormulaOperator, Int)
    case binary(FormulaOperator, Int, Int)
    /// `value if condition else otherwise`.
    case choice(Int, condition: Int, otherwise: Int)
    case call(FormulaFunction, [Int])
    /// A reduction over one axis of an example, or over all axes if `axis` is nil.
    case reduction(FormulaReduction, of: Int, axis: Int?, keepsAxes: Bool)
  }

  package let parts: [Part]
  /// The byte range of each part, including the parentheses around it.
  package let ranges: [Range<Int>]
  /// The byte offset of each part's operator, or of its beginning.
  package let places: [Int]
  /// The text of the formula, and its offset in the surrounding text.
  private let text: String
  private let start: Int

  /// The largest size in bytes of a formula that is a whole text.
  package static let lengthLimit = 10_000
  /// The largest number of bytes between the parentheses of `$(…)`.
  package static let embeddedLengthLimit = 1000
  /// The largest nesting depth of parentheses, functions, signs, powers and choices.
  package static let depthLimit = 100

  /// Parses a text that is a formula as a whole.
  package init(_ text: String) throws(FormulaMistake) {
    guard text.utf8.count <= Formula.lengthLimit else {
      throw FormulaMistake(
        "expected a formula of at most \(Formula.lengthLimit) bytes, received \(text.utf8.count)",
        at: 0)
    }
    self.init(try FormulaParser.parse(text), text: text, start: 0)
  }

  /// Parses the formula of `$(…)`.
  ///
  /// - Parameter start: the byte offset of `$`.
  /// - Returns: the formula, and the offset after the closing parenthesis.
  package static func embedded(
    in bytes: [UInt8], at start: Int
  ) throws(FormulaMistake) -> (formula: Formula, end: Int) {
    let (parser, end) = try FormulaParser.parse(bytes, embeddedAt: start)
    let text = String(decoding: bytes[(start + 2)..<(end - 1)], as: UTF8.self)
    return (Formula(parser, text: text, start: start + 2), end)
  }

  private init(_ parser: FormulaParser, text: String, start: Int) {
    (parts, ranges, places) = (parser.parts, parser.ranges, parser.places)
    (self.text, self.start) = (text, start)
  }

  /// A formula that consists of one number.
  package init(number: Int) {
    text = String(number)
    start = 0
    parts = [.number(Scalar(text: text, style: .plain))]
    ranges = [0..<text.utf8.count]
    places = [0]
  }

  /// The text of a part, for messages.
  package func excerpt(of part: Int) -> String {
    let utf8 = text.utf8
    let first = utf8.index(utf8.startIndex, offsetBy: ranges[part].lowerBound - start)
    let end = utf8.index(first, offsetBy: ranges[part].count)
    return String(text[first..<end]).quotable
  }

  /// The name, if the formula consists of one name. Nil for any other formula.
  package var loneName: String? {
    guard parts.count == 1, case .name(let name) = parts[0] else { return nil }
    return FormulaValue(word: name) == nil ? name : nil
  }

  /// The names in the order of the text, without `true` and `false`.
  package var names: [(name: String, place: Int)] {
    zip(parts, places).compactMap { part, place in
      guard case .name(let name) = part, FormulaValue(word: name) == nil else { return nil }
      return (name, place)
    }
  }

  /// Whether a formula can use the text as a name. A name is a letter or `_`, followed by letters,
  /// digits or `_`. The words of operators are not names.
  package static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, FormulaLexer.beginsName(first) else {
      return false
    }
    return FormulaOperator(spelling: text) == nil
      && text.unicodeScalars.allSatisfy(FormulaLexer.continuesName)
  }

  /// The words with a fixed meaning in `$(…)`.
  package static let words = ["if", "else", "and", "or", "not", "true", "false"]
}
