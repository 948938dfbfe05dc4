internal import YAML

/// Reads one `$(…)`.
struct ArithmeticParser {
  typealias Token = ArithmeticLexer.Token

  private var lexer: ArithmeticLexer
  private var token = Token.end
  /// Where `token` begins.
  private var offset: Int
  /// Where the `$(` begins.
  private let start: Int
  private var depth = 0

  /// Reads on from the `$(` at byte `start`.
  ///
  /// - Returns: what it holds, and the byte after its closing parenthesis.
  static func parse(
    _ bytes: [UInt8], at start: Int
  ) throws(Arithmetic.Failure) -> (arithmetic: Arithmetic, end: Int) {
    // One byte more, so that what ends at the limit is told from what goes on.
    let end = min(bytes.count, start + 2 + Arithmetic.lengthLimit + 1)
    var parser = ArithmeticParser(bytes[(start + 2)..<end], at: start)
    do throws(Arithmetic.Failure) {
      try parser.advance()
      let arithmetic = try parser.choice()
      guard parser.token == .symbol(")") else {
        throw parser.unexpected("an operator or ')'")
      }
      return (arithmetic, parser.lexer.offset)
    } catch {
      // What is wrong at the cut may be nothing but the cut.
      guard end < bytes.count, parser.token == .end || error.offset >= end - 2 else { throw error }
      throw Arithmetic.Failure(
        message: "'$(…)' has more than \(Arithmetic.lengthLimit) bytes", offset: start)
    }
  }

  private init(_ bytes: ArraySlice<UInt8>, at start: Int) {
    lexer = ArithmeticLexer(bytes)
    self.start = start
    offset = start
  }

  private mutating func advance() throws(Arithmetic.Failure) {
    (token, offset) = try lexer.next()
  }

  private func unexpected(_ expected: String) -> Arithmetic.Failure {
    if token == .end {
      return Arithmetic.Failure(message: "'$(' without a closing ')'", offset: start)
    }
    return Arithmetic.Failure(
      message: "'$(…)': expected \(expected), received \(token.received)", offset: offset)
  }

  private mutating func expect(_ symbol: String) throws(Arithmetic.Failure) {
    guard token == .symbol(symbol) else { throw unexpected("'\(symbol)'") }
    try advance()
  }

  private mutating func descend() throws(Arithmetic.Failure) {
    depth += 1
    guard depth <= Arithmetic.depthLimit else {
      throw Arithmetic.Failure(
        message: "'$(…)' is nested more than \(Arithmetic.depthLimit) deep", offset: offset)
    }
  }

  /// `a if c else b`, or what stands for `a` alone.
  private mutating func choice() throws(Arithmetic.Failure) -> Arithmetic {
    try descend()
    defer { depth -= 1 }
    let value = try operation(rank: 1)
    guard token == .name("if") else { return value }
    let place = offset
    try advance()
    let condition = try operation(rank: 1)
    guard token == .name("else") else { throw unexpected("'else'") }
    try advance()
    return .choice(value, condition: condition, otherwise: try choice(), at: place)
  }

  /// Operands with operators that bind at least as tightly as `rank` between them.
  private mutating func operation(rank: Int) throws(Arithmetic.Failure) -> Arithmetic {
    var left = try operand()
    while let next = pendingOperator, next.rank >= rank {
      let place = offset
      try advance()
      // A power's right side is a power again, with a sign of its own.
      let rightRank = next == .power ? Arithmetic.Operator.powerRank : next.rank + 1
      if next == .power { try descend() }
      let right = try operation(rank: rightRank)
      if next == .power { depth -= 1 }
      left = .binary(next, left, right, at: place)
      if next.rank == Arithmetic.Operator.comparisonRank,
        pendingOperator?.rank == Arithmetic.Operator.comparisonRank
      {
        throw Arithmetic.Failure(
          message: "comparisons do not chain: join two with 'and'", offset: offset)
      }
    }
    return left
  }

  private var pendingOperator: Arithmetic.Operator? {
    switch token {
    case .symbol(let text), .name(let text): Arithmetic.Operator(rawValue: text)
    case .value, .end: nil
    }
  }

  private mutating func operand() throws(Arithmetic.Failure) -> Arithmetic {
    let place = offset
    switch token {
    case .symbol("-"):
      try descend()
      defer { depth -= 1 }
      try advance()
      return .negative(try operation(rank: Arithmetic.Operator.powerRank), at: place)
    case .name("not"):
      try descend()
      defer { depth -= 1 }
      try advance()
      return .not(try operation(rank: Arithmetic.Operator.comparisonRank), at: place)
    case .symbol("("):
      try advance()
      let inner = try choice()
      try expect(")")
      return inner
    case .value(let value):
      try advance()
      return .value(value)
    case .name(let name) where !Arithmetic.words.contains(name):
      try advance()
      guard token == .symbol("(") else { return .name(name, at: place) }
      return try call(name, at: place)
    case .name("true"), .name("false"):
      let value = token == .name("true")
      try advance()
      return .value(.truth(value))
    case .name, .symbol, .end:
      throw unexpected("a value")
    }
  }

  private mutating func call(
    _ name: String, at place: Int
  ) throws(Arithmetic.Failure) -> Arithmetic {
    let known = Arithmetic.Function.allCases.map(\.rawValue)
    guard let function = Arithmetic.Function(rawValue: name) else {
      throw Arithmetic.Failure(
        message: "unknown function '\(name.quotable)' (known: \(known.joined(separator: ", ")))",
        offset: place, suggestion: known.nearest(to: name))
    }
    try advance()
    var arguments: [Arithmetic] = []
    if token != .symbol(")") {
      arguments.append(try choice())
      while token == .symbol(",") {
        try advance()
        arguments.append(try choice())
      }
    }
    guard token == .symbol(")") else { throw unexpected("',' or ')'") }
    guard function.argumentCount.contains(arguments.count) else {
      let expected = function.argumentCount.count == 1 ? "1 value" : "1 to 100 values"
      throw Arithmetic.Failure(
        message: "\(name): expected \(expected), received \(arguments.count)", offset: place)
    }
    try advance()
    return .call(function, arguments, at: place)
  }
}
