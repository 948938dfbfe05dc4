internal import YAML

/// Parses a formula by operator precedence.
///
/// This is the only grammar of formulas, for `$(…)` and for the layer `Expression`:
///
///     formula    = or-list [ "if" or-list "else" formula ]
///     or-list    = and-list { "or" and-list }
///     and-list   = negation { "and" negation }
///     negation   = "not" negation | comparison
///     comparison = sum [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum ]
///     sum        = product { ( "+" | "-" ) product }
///     product    = signed { ( "*" | "/" | "//" | "%" ) signed }
///     signed     = ( "-" | "+" ) signed | power
///     power      = operand [ ( "^" | "**" ) signed ]
///     operand    = number | text | name | "(" formula ")"
///                | function "(" formula { "," formula } ")"
///                | ( "sum" | "mean" ) "(" formula [ "," axis ] [ "," "keepdims" ] ")"
///
/// `not` may also follow an operator of higher precedence. There its operand is a whole comparison:
/// `a == not b < c`.
///
/// `if` and `else` are operators only after an operand. A function's name is a function only before
/// `(`. Elsewhere these words are names, because older model files use them as names of bottoms.
/// For the same reason `true` and `false` are names. In `$(…)` they are always the truth values. In
/// a layer they are 1 and 0, unless the layer uses these names for something else.
///
/// Conditions are the only difference between the two places. In `$(…)` a condition is a truth
/// value. For tensors it is a number, and 0 is false. Every other formula that both places accept
/// has the same value in both.
///
/// Reference: V. R. Pratt, "Top down operator precedence", 1973.
struct FormulaParser {
  private var lexer: FormulaLexer
  private var token: FormulaToken
  /// The byte offset of the `$` before an embedded formula.
  private let embedding: Int?
  private var depth = 0
  private(set) var parts: [Formula.Part] = []
  private(set) var ranges: [Range<Int>] = []
  private(set) var places: [Int] = []

  private typealias Level = FormulaOperator.Level

  private init(_ bytes: ArraySlice<UInt8>, embeddedAt start: Int? = nil) {
    lexer = FormulaLexer(bytes)
    token = FormulaToken(kind: .end, range: bytes.startIndex..<bytes.startIndex)
    embedding = start
  }

  /// Parses a text that is a formula as a whole.
  static func parse(_ text: String) throws(FormulaMistake) -> FormulaParser {
    var parser = FormulaParser(Array(text.utf8)[...])
    try parser.advance()
    guard parser.token.kind != .end else {
      throw FormulaMistake(
        "expected an expression such as 'sin(x1) + x1 * x2', received nothing", at: 0)
    }
    _ = try parser.formula()
    guard parser.token.kind == .end else { throw parser.unexpected("an operator") }
    return parser
  }

  /// Parses from the `$(` at byte `start` to its closing `)`. Returns the offset after it.
  static func parse(
    _ bytes: [UInt8], embeddedAt start: Int
  ) throws(FormulaMistake) -> (parser: FormulaParser, end: Int) {
    // One additional byte distinguishes a formula that ends at the limit from a longer one.
    let end = min(bytes.count, start + 2 + Formula.embeddedLengthLimit + 1)
    var parser = FormulaParser(bytes[(start + 2)..<end], embeddedAt: start)
    do throws(FormulaMistake) {
      try parser.advance()
      _ = try parser.formula()
      guard parser.token.kind == .close else { throw parser.unexpected("an operator or ')'") }
      return (parser, parser.token.range.upperBound)
    } catch {
      // The cut may cause a mistake in the last bytes, because it may divide a character of up to
      // four bytes.
      guard end < bytes.count, error.isUnclosed || error.offset >= end - 4 else {
        throw error.inside("'$(…)'")
      }
      throw FormulaMistake(
        "'$(…)' has more than \(Formula.embeddedLengthLimit) bytes", at: start)
    }
  }

  // MARK: Operators

  private mutating func descend() throws(FormulaMistake) {
    depth += 1
    guard depth <= Formula.depthLimit else {
      throw mistake("nested more than \(Formula.depthLimit) deep")
    }
  }

  /// Parses `a if c else b`, or an expression without a choice. Returns the index of its part.
  private mutating func formula() throws(FormulaMistake) -> Int {
    try descend()
    defer { depth -= 1 }
    let value = try expression(.or)
    guard token.kind == .name("if") else { return value }
    let place = token.range.lowerBound
    try advance()
    let condition = try expression(.or)
    guard token.kind == .name("else") else { throw unexpected("'else'") }
    try advance()
    let otherwise = try formula()
    return add(
      .choice(value, condition: condition, otherwise: otherwise),
      ranges[value].lowerBound..<ranges[otherwise].upperBound, at: place)
  }

  /// Parses an expression of operators with at least the precedence `least`.
  private mutating func expression(_ least: Level) throws(FormulaMistake) -> Int {
    var left = try operand()
    while case .operator(let symbol) = token.kind, let level = symbol.level, level >= least {
      let place = token.range.lowerBound
      try advance()
      // The right side of a power may be a power again, and may have a sign.
      if level == .power { try descend() }
      let right = try expression(level == .power ? .power : level.tighter)
      if level == .power { depth -= 1 }
      if level == .comparison, case .operator(let other) = token.kind, other.level == .comparison {
        throw mistake("comparisons cannot be chained: write 'a < b and b < c'")
      }
      left = add(
        .binary(symbol, left, right), ranges[left].lowerBound..<ranges[right].upperBound,
        at: place)
    }
    return left
  }

  /// Parses a prefix operator and its operand. The operand may contain operators with at least the
  /// precedence `least`.
  private mutating func prefix(
    _ symbol: FormulaOperator, _ least: Level
  ) throws(FormulaMistake) -> Int {
    let place = token.range.lowerBound
    try descend()
    defer { depth -= 1 }
    try advance()
    let value = try expression(least)
    return add(.prefix(symbol, value), place..<ranges[value].upperBound, at: place)
  }

  private mutating func operand() throws(FormulaMistake) -> Int {
    let range = token.range
    switch token.kind {
    case .number(let scalar):
      try advance()
      return add(.number(scalar), range)
    case .text(let text):
      try advance()
      return add(.text(text), range)
    case .name(let name):
      try advance()
      return token.kind == .open ? try call(name, range.lowerBound) : add(.name(name), range)
    case .open:
      try advance()
      let inner = try formula()
      ranges[inner] = range.lowerBound..<(try close())
      return inner
    case .operator(.minus): return try prefix(.minus, .power)
    case .operator(.plus): return try prefix(.plus, .power)
    case .operator(.not): return try prefix(.not, .comparison)
    case .operator, .close, .comma, .end: throw unexpected("a number, a name or '('")
    }
  }

  // MARK: Functions

  /// Parses the arguments after a function's name: `(a, b)`.
  private mutating func call(_ name: String, _ start: Int) throws(FormulaMistake) -> Int {
    if let reduction = FormulaReduction(rawValue: name) { return try reduce(reduction, start) }
    guard let function = FormulaFunction.named(name) else {
      throw FormulaMistake(
        "unknown function '\(name.quotable)'", at: start,
        suggestion: FormulaFunction.names.nearest(to: name))
    }
    try advance()
    var arguments: [Int] = []
    if token.kind != .close {
      arguments.append(try formula())
      while token.kind == .comma {
        try advance()
        arguments.append(try formula())
      }
    }
    let end = try close(orComma: true)
    try function.check(arguments.count, in: function.argumentCount, at: start)
    return add(.call(function, arguments), start..<end)
  }

  /// Parses `(x)`, `(x, axis)`, `(x, keepdims)` or `(x, axis, keepdims)`.
  private mutating func reduce(
    _ reduction: FormulaReduction, _ start: Int
  ) throws(FormulaMistake) -> Int {
    try advance()
    let value = try formula()
    var axis: Int?
    var keepsAxes = false
    if token.kind == .comma {
      try advance()
      if token.kind != .name("keepdims") { axis = try self.axis() }
    }
    if axis != nil, token.kind == .comma {
      try advance()
      guard token.kind == .name("keepdims") else { throw unexpected("'keepdims'") }
    }
    if token.kind == .name("keepdims") {
      keepsAxes = true
      try advance()
    }
    let end = try close()
    return add(
      .reduction(reduction, of: value, axis: axis, keepsAxes: keepsAxes), start..<end)
  }

  /// Parses an axis of an example: an integer other than 0.
  private mutating func axis() throws(FormulaMistake) -> Int {
    let offset = token.range.lowerBound
    let isNegative = token.kind == .operator(.minus)
    if isNegative { try advance() }
    guard case .number(let scalar) = token.kind, let axis = scalar.integer, axis <= 1000 else {
      throw unexpected("the number of an axis or 'keepdims'")
    }
    try advance()
    guard axis != 0 else {
      throw FormulaMistake(
        "axis 0 counts the examples, which are independent: expected another axis",
        at: offset)
    }
    return isNegative ? -axis : axis
  }

  // MARK: Words

  private mutating func advance() throws(FormulaMistake) { token = try lexer.next() }

  /// Skips a `)` and returns the offset after it.
  private mutating func close(orComma: Bool = false) throws(FormulaMistake) -> Int {
    guard token.kind == .close else { throw unexpected(orComma ? "',' or ')'" : "')'") }
    let end = token.range.upperBound
    try advance()
    return end
  }

  private mutating func add(_ part: Formula.Part, _ range: Range<Int>, at place: Int? = nil) -> Int
  {
    parts.append(part)
    ranges.append(range)
    places.append(place ?? range.lowerBound)
    return parts.count - 1
  }

  private func mistake(_ message: String) -> FormulaMistake {
    FormulaMistake(message, at: token.range.lowerBound)
  }

  private func unexpected(_ expected: String) -> FormulaMistake {
    if let embedding, token.kind == .end { return .unclosed(at: embedding) }
    return mistake("expected \(expected), received \(token.received)")
  }
}
