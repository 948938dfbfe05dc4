package import YAML

/// A formula as a model file states it: in `$(…)`, where it computes a value while the file is read, and in the layer
/// `Expression`, where it computes tensors.
///
/// Both have one grammar, see ``FormulaParser``, and each has its evaluator: ``value(_:)`` and ``FormulaTerms``.
///
/// The formula is a list of parts in which operands stand before the part that uses them, and the whole stands last. No
/// evaluator recurses, however deep the formula is.
package struct Formula: Sendable {
  package enum Part: Sendable {
    /// A number as it is written.
    case number(Scalar)
    /// A text in quotes.
    case text(String)
    case name(String)
    /// A sign or `not`, before the part of a number.
    case prefix(FormulaOperator, Int)
    case binary(FormulaOperator, Int, Int)
    /// `value if condition else otherwise`.
    case choice(Int, condition: Int, otherwise: Int)
    case call(FormulaFunction, [Int])
    /// Over an axis of an example, or over all of them.
    case reduction(FormulaReduction, of: Int, axis: Int?, keepsAxes: Bool)
  }

  package let parts: [Part]
  /// By part: its bytes, parentheses around it included.
  package let ranges: [Range<Int>]
  /// By part: the byte of its operator, or at which it begins.
  package let places: [Int]
  /// The formula's own text, and the byte at which it begins in the text around it.
  private let text: String
  private let start: Int

  /// The most bytes of a formula that is a text of its own.
  package static let lengthLimit = 10_000
  /// The most bytes between the parentheses of `$(…)`.
  package static let embeddedLengthLimit = 1000
  /// The most parentheses, functions, signs, powers and choices inside each other.
  package static let depthLimit = 100

  /// Reads a text that is a formula as a whole.
  package init(_ text: String) throws(FormulaMistake) {
    guard text.utf8.count <= Formula.lengthLimit else {
      throw FormulaMistake(
        "expected a formula of at most \(Formula.lengthLimit) bytes, received \(text.utf8.count)",
        at: 0)
    }
    self.init(try FormulaParser.parse(text), text: text, start: 0)
  }

  /// Reads the formula of `$(…)`.
  ///
  /// - Parameter start: the byte of `$`.
  /// - Returns: the formula, and the byte after the parenthesis that closes it.
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

  /// The formula of a number.
  package init(number: Int) {
    text = String(number)
    start = 0
    parts = [.number(Scalar(text: text, style: .plain))]
    ranges = [0..<text.utf8.count]
    places = [0]
  }

  /// A part as it stands in the text, for messages.
  package func excerpt(of part: Int) -> String {
    let utf8 = text.utf8
    let first = utf8.index(utf8.startIndex, offsetBy: ranges[part].lowerBound - start)
    let end = utf8.index(first, offsetBy: ranges[part].count)
    return String(text[first..<end]).quotable
  }

  /// The name that is the whole formula; nil for any other formula.
  package var loneName: String? {
    guard parts.count == 1, case .name(let name) = parts[0] else { return nil }
    return FormulaValue(word: name) == nil ? name : nil
  }

  /// The names in the order of the text, except `true` and `false`.
  package var names: [(name: String, place: Int)] {
    zip(parts, places).compactMap { part, place in
      guard case .name(let name) = part, FormulaValue(word: name) == nil else { return nil }
      return (name, place)
    }
  }

  /// Whether a formula can name something so: a letter or `_`, then also digits, and not an operator.
  package static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, FormulaLexer.beginsName(first) else {
      return false
    }
    return FormulaOperator(spelling: text) == nil
      && text.unicodeScalars.allSatisfy(FormulaLexer.continuesName)
  }

  /// The words that have a meaning of their own in `$(…)`.
  package static let words = ["if", "else", "and", "or", "not", "true", "false"]
}

/// A mistake in a formula, at a byte of the text around it.
package struct FormulaMistake: Error, Equatable {
  package let message: String
  package let offset: Int
  package let suggestion: String?
  /// Whether the `)` of `$(…)` is missing.
  package private(set) var isUnclosed = false

  package init(_ message: String, at offset: Int, suggestion: String? = nil) {
    self.message = message
    self.offset = offset
    self.suggestion = suggestion
  }

  static func unclosed(at offset: Int) -> FormulaMistake {
    var mistake = FormulaMistake("'$(' without a closing ')'", at: offset)
    mistake.isUnclosed = true
    return mistake
  }

  /// The mistake with the place that has it named before the message.
  func inside(_ subject: String) -> FormulaMistake {
    isUnclosed
      ? self : FormulaMistake("\(subject): \(message)", at: offset, suggestion: suggestion)
  }
}
