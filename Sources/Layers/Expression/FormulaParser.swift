internal import Kernels
internal import YAML

/// Reads a formula by the precedence of its operators.
///
/// From loose to tight: `or`; `and`; `not`; comparisons, of which no two stand side by side; `+ -`; `* /`; a sign; `^`,
/// which takes its right side first and may have a sign there.
///
/// Reference: V. R. Pratt, "Top down operator precedence", 1973.
struct FormulaParser {
  private var lexer: FormulaLexer
  private var token: FormulaToken
  private var depth = 0
  private(set) var parts: [Formula.Part] = []
  private(set) var ranges: [Range<Int>] = []

  private enum Level: Int {
    case or = 1
    case and, not, comparison, sum, product, sign, power

    var next: Level { Level(rawValue: rawValue + 1) ?? .power }
  }

  private init(_ text: String) throws(FormulaMistake) {
    lexer = FormulaLexer(text)
    token = try lexer.next()
  }

  /// The parts of a formula, operands first, and their places.
  static func parse(
    _ text: String
  ) throws(FormulaMistake) -> ([Formula.Part], [Range<Int>]) {
    var parser = try FormulaParser(text)
    guard parser.token.kind != .end else {
      throw FormulaMistake(
        message: "expected an expression such as 'sin(x1) + x1 * x2', received nothing", offset: 0)
    }
    _ = try parser.expression(.or)
    guard parser.token.kind == .end else {
      throw parser.mistake("expected an operator, received \(parser.token.received)")
    }
    return (parser.parts, parser.ranges)
  }

  // MARK: Operators

  /// An expression of operators that bind at least as tightly as `least`; returns its part.
  private mutating func expression(_ least: Level) throws(FormulaMistake) -> Int {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Formula.depthLimit else {
      throw mistake("nested more than \(Formula.depthLimit) deep")
    }
    var left = try operand(least)
    while case .symbol(let symbol) = token.kind, let (level, operation) = binary(symbol),
      level.rawValue >= least.rawValue
    {
      try advance()
      let right = try expression(level == .power ? .power : level.next)
      if level == .comparison, case .symbol(let other) = token.kind,
        binary(other)?.level == .comparison
      {
        throw mistake("comparisons cannot be chained: write 'a < b and b < c'")
      }
      let isSwapped = symbol == .greater || symbol == .greaterOrEqual
      left = add(
        .operation(operation, isSwapped ? [right, left] : [left, right]),
        ranges[left].lowerBound..<ranges[right].upperBound)
    }
    return left
  }

  /// How tightly a symbol binds both its sides, and what it computes; nil for one that is no such operator.
  private func binary(_ symbol: FormulaSymbol) -> (level: Level, operation: FormulaOperation)? {
    switch symbol {
    case .or: (.or, .or)
    case .and: (.and, .and)
    case .less, .greater: (.comparison, .less)
    case .lessOrEqual, .greaterOrEqual: (.comparison, .lessOrEqual)
    case .equal: (.comparison, .equal)
    case .unequal: (.comparison, .unequal)
    case .plus: (.sum, .add)
    case .minus: (.sum, .subtract)
    case .times: (.product, .multiply)
    case .divide: (.product, .divide)
    case .power, .powerOfPython: (.power, .power)
    case .open, .close, .comma, .not: nil
    }
  }

  private mutating func operand(_ least: Level) throws(FormulaMistake) -> Int {
    let first = token
    switch first.kind {
    case .number(let value):
      try advance()
      return add(.number(value), first.range)
    case .name(let name):
      try advance()
      if token.kind == .symbol(.open) { return try call(name, first) }
      return add(.name(name), first.range)
    case .symbol(.open):
      try advance()
      let inner = try expression(.or)
      let end = try close()
      ranges[inner] = first.range.lowerBound..<end
      return inner
    case .symbol(.minus):
      try advance()
      let value = try expression(.power)
      return add(
        .operation(.negate, [value]), first.range.lowerBound..<ranges[value].upperBound)
    case .symbol(.plus):
      try advance()
      return try expression(.power)
    case .symbol(.not) where least.rawValue <= Level.not.rawValue:
      try advance()
      let value = try expression(.not)
      return add(.operation(.not, [value]), first.range.lowerBound..<ranges[value].upperBound)
    case .symbol, .end:
      throw mistake("expected a number, a name or '(', received \(first.received)")
    }
  }

  // MARK: Functions

  /// What follows a function's name: `(a, b)`.
  private mutating func call(
    _ name: String, _ first: FormulaToken
  ) throws(FormulaMistake) -> Int {
    if let reduction = FormulaReduction(rawValue: name) { return try reduce(reduction, first) }
    guard let function = FormulaFunction.named(name) else {
      throw FormulaMistake(
        message: "unknown function '\(name.quotable)'", offset: first.range.lowerBound,
        suggestion: FormulaFunction.names.nearest(to: name))
    }
    try advance()
    var arguments: [Int] = []
    if token.kind != .symbol(.close) {
      arguments.append(try expression(.or))
      while token.kind == .symbol(.comma) {
        try advance()
        arguments.append(try expression(.or))
      }
    }
    let end = try close(orComma: true)
    guard function.argumentCount.contains(arguments.count) else {
      throw FormulaMistake(
        message: "'\(name)' has \(function.arguments), received \(arguments.count)",
        offset: first.range.lowerBound)
    }
    let range = first.range.lowerBound..<end
    let count = function.operation.operandCount
    var result = add(.operation(function.operation, Array(arguments.prefix(count))), range)
    for argument in arguments.dropFirst(count) {
      result = add(.operation(function.operation, [result, argument]), range)
    }
    return result
  }

  /// `(x)`, `(x, axis)`, `(x, keepdims)` or `(x, axis, keepdims)`.
  private mutating func reduce(
    _ reduction: FormulaReduction, _ first: FormulaToken
  ) throws(FormulaMistake) -> Int {
    try advance()
    let value = try expression(.or)
    var axis: Int?
    var keepsAxes = false
    if token.kind == .symbol(.comma) {
      try advance()
      if token.kind != .name("keepdims") { axis = try self.axis() }
    }
    if axis != nil, token.kind == .symbol(.comma) {
      try advance()
      guard token.kind == .name("keepdims") else {
        throw mistake("expected 'keepdims', received \(token.received)")
      }
    }
    if token.kind == .name("keepdims") {
      keepsAxes = true
      try advance()
    }
    let end = try close()
    return add(
      .reduction(reduction, of: value, axis: axis, keepsAxes: keepsAxes),
      first.range.lowerBound..<end)
  }

  /// An axis of an example: an integer but 0.
  private mutating func axis() throws(FormulaMistake) -> Int {
    let offset = token.range.lowerBound
    let isNegative = token.kind == .symbol(.minus)
    if isNegative { try advance() }
    guard case .number(let number) = token.kind, let axis = Int(exactly: number), axis <= 1000
    else {
      throw mistake("expected the number of an axis or 'keepdims', received \(token.received)")
    }
    try advance()
    guard axis != 0 else {
      throw FormulaMistake(
        message: "axis 0 counts the examples, which do not know of each other: expected another",
        offset: offset)
    }
    return isNegative ? -axis : axis
  }

  // MARK: Words

  private mutating func advance() throws(FormulaMistake) { token = try lexer.next() }

  /// Passes over a `)`; returns where it ends.
  private mutating func close(orComma: Bool = false) throws(FormulaMistake) -> Int {
    guard token.kind == .symbol(.close) else {
      throw mistake("expected \(orComma ? "',' or ')'" : "')'"), received \(token.received)")
    }
    let end = token.range.upperBound
    try advance()
    return end
  }

  private mutating func add(_ part: Formula.Part, _ range: Range<Int>) -> Int {
    parts.append(part)
    ranges.append(range)
    return parts.count - 1
  }

  private func mistake(_ message: String) -> FormulaMistake {
    FormulaMistake(message: message, offset: token.range.lowerBound)
  }
}
