internal import YAML

/// Cuts a formula into words.
struct FormulaLexer {
  private let scalars: [Unicode.Scalar]
  /// By scalar, and at the end: the byte at which it begins.
  private let offsets: [Int]
  private var position = 0

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    var offset = 0
    offsets =
      scalars.map { scalar in
        defer { offset += UTF8.width(scalar) }
        return offset
      } + [text.utf8.count]
  }

  /// - Throws: ``FormulaMistake`` at a sign that no formula has, or a number that is too large.
  mutating func next() throws(FormulaMistake) -> FormulaToken {
    skip { $0.properties.isWhitespace }
    let start = position
    guard start < scalars.count else { return token(.end, from: start) }
    let first = scalars[start]
    if FormulaLexer.isDigit(first) || first == "." { return try number() }
    if FormulaLexer.beginsName(first) {
      skip(FormulaLexer.continuesName)
      let word = text(from: start)
      let isReserved = FormulaSymbol.words.contains(word)
      let symbol = isReserved ? FormulaSymbol(rawValue: word) : nil
      return token(symbol.map { .symbol($0) } ?? .name(word), from: start)
    }
    for length in [2, 1] where start + length <= scalars.count {
      position = start + length
      let sign = text(from: start)
      if let symbol = FormulaSymbol(rawValue: sign) { return token(.symbol(symbol), from: start) }
      if let meant = FormulaSymbol.lookalikes[sign] {
        throw FormulaMistake(
          message: "unexpected '\(sign)'", offset: offsets[start], suggestion: meant)
      }
    }
    throw FormulaMistake(message: "unexpected '\(text(from: start))'", offset: offsets[start])
  }

  /// `[0-9]* ( \. [0-9]* )? ( [eE] [-+]? [0-9]+ )?` with at least one digit before the exponent.
  private mutating func number() throws(FormulaMistake) -> FormulaToken {
    let start = position
    skip(FormulaLexer.isDigit)
    if position < scalars.count, scalars[position] == "." {
      position += 1
      skip(FormulaLexer.isDigit)
    }
    let mantissa = position
    if position < scalars.count, scalars[position] == "e" || scalars[position] == "E" {
      position += 1
      if position < scalars.count, scalars[position] == "+" || scalars[position] == "-" {
        position += 1
      }
      let exponent = position
      skip(FormulaLexer.isDigit)
      // `2e` is the number 2 and what follows it.
      if position == exponent { position = mantissa }
    }
    let text = text(from: start)
    guard let value = Double(text) else {
      throw FormulaMistake(message: "unexpected '\(text)'", offset: offsets[start])
    }
    guard Float(value).isFinite else {
      throw FormulaMistake(
        message: "expected a number below 3.4e38, received '\(text)'", offset: offsets[start])
    }
    return token(.number(value), from: start)
  }

  private mutating func skip(_ belongs: (Unicode.Scalar) -> Bool) {
    while position < scalars.count, belongs(scalars[position]) { position += 1 }
  }

  private func text(from start: Int) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[start..<position])
    return String(text)
  }

  private func token(_ kind: FormulaToken.Kind, from start: Int) -> FormulaToken {
    FormulaToken(
      kind: kind, range: offsets[start]..<offsets[position], text: text(from: start))
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// Letters of any script, and `_`.
  private static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic
  }

  private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    beginsName(scalar) || isDigit(scalar)
  }

  /// Whether a formula can call something so: a letter or `_`, then digits too, and no reserved word.
  static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, beginsName(first) else { return false }
    return !FormulaSymbol.words.contains(text) && text.unicodeScalars.allSatisfy(continuesName)
  }
}
