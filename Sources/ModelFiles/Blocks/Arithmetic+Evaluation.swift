internal import Glibc
internal import YAML

extension Arithmetic {
  typealias Value = ArithmeticValue

  /// The value, with names looked up by `lookUp`, which may say what is wrong with one.
  func evaluated(
    _ lookUp: (String, _ offset: Int) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    switch self {
    case .value(let value):
      return value
    case .name(let name, let offset):
      return try lookUp(name, offset)
    case .negative(let operand, let offset):
      return try Value.integer(0).number(.minus, try operand.evaluated(lookUp), at: offset)
    case .not(let operand, let offset):
      return .truth(try !operand.evaluated(lookUp).condition(of: "not", at: offset))
    case .binary(.and, let left, let right, let offset):
      guard try left.evaluated(lookUp).condition(of: "and", at: offset) else {
        return .truth(false)
      }
      return .truth(try right.evaluated(lookUp).condition(of: "and", at: offset))
    case .binary(.or, let left, let right, let offset):
      if try left.evaluated(lookUp).condition(of: "or", at: offset) { return .truth(true) }
      return .truth(try right.evaluated(lookUp).condition(of: "or", at: offset))
    case .binary(let operation, let left, let right, let offset):
      let (left, right) = (try left.evaluated(lookUp), try right.evaluated(lookUp))
      return operation.rank == Operator.comparisonRank
        ? .truth(try left.compared(operation, right, at: offset))
        : try left.number(operation, right, at: offset)
    case .choice(let value, let condition, let otherwise, let offset):
      let holds = try condition.evaluated(lookUp).condition(of: "if", at: offset)
      return try (holds ? value : otherwise).evaluated(lookUp)
    case .call(let function, let arguments, let offset):
      var values: [Value] = []
      for argument in arguments { values.append(try argument.evaluated(lookUp)) }
      return try function.value(of: values, at: offset)
    }
  }
}

extension ArithmeticValue {
  fileprivate func condition(of word: String, at offset: Int) throws(Arithmetic.Failure) -> Bool {
    guard case .truth(let value) = self else {
      throw Arithmetic.Failure(
        message: "'\(word)': expected true or false, received \(received)", offset: offset)
    }
    return value
  }

  fileprivate func compared(
    _ operation: Arithmetic.Operator, _ other: ArithmeticValue, at offset: Int
  ) throws(Arithmetic.Failure) -> Bool {
    let isEqual: Bool
    var isLess: Bool?
    switch (self, other) {
    case (.integer(let a), .integer(let b)): (isEqual, isLess) = (a == b, a < b)
    case (.truth(let a), .truth(let b)): isEqual = a == b
    case (.text(let a), .text(let b)): isEqual = a == b
    default:
      guard let a = number, let b = other.number else {
        throw mismatch(operation, other, at: offset)
      }
      (isEqual, isLess) = (a == b, a < b)
    }
    switch (operation, isLess) {
    case (.equal, _): return isEqual
    case (.different, _): return !isEqual
    case (.less, let isLess?): return isLess
    case (.atMost, let isLess?): return isLess || isEqual
    case (.greater, let isLess?): return !isLess && !isEqual
    case (.atLeast, let isLess?): return !isLess
    default: throw mismatch(operation, other, at: offset)
    }
  }

  private func mismatch(
    _ operation: Arithmetic.Operator, _ other: ArithmeticValue, at offset: Int
  ) -> Arithmetic.Failure {
    let isEquality = operation == .equal || operation == .different
    return Arithmetic.Failure(
      message:
        "'\(operation.rawValue)': expected two \(isEquality ? "values of one kind" : "numbers")"
        + ", received \(received) and \(other.received)", offset: offset)
  }

  /// The result of an operator on two numbers.
  fileprivate func number(
    _ operation: Arithmetic.Operator, _ other: ArithmeticValue, at offset: Int
  ) throws(Arithmetic.Failure) -> ArithmeticValue {
    guard let a = number, let b = other.number else {
      throw mismatch(operation, other, at: offset)
    }
    let divides = [.over, .wholeOver, .remainder].contains(operation)
    guard !divides || b != 0 else {
      throw Arithmetic.Failure(
        message: "'\(operation.rawValue)': division of \(received) by zero", offset: offset)
    }
    if case .integer(let a) = self, case .integer(let b) = other {
      switch operation.integers(a, b) {
      case .integer(let value): return .integer(value)
      case .overflow:
        throw Arithmetic.Failure(
          message: "'\(operation.rawValue)': \(a) \(operation.rawValue) \(b) is beyond 64 bits",
          offset: offset)
      case .fraction: break
      }
    }
    let result = operation.fractions(a, b)
    guard result.isFinite else {
      throw Arithmetic.Failure(
        message: "'\(operation.rawValue)': \(received) \(operation.rawValue) \(other.received) is "
          + (result.isNaN ? "no number" : "too large"), offset: offset)
    }
    return .fraction(result)
  }
}

/// What an operator makes of two integers.
private enum IntegerResult {
  case integer(Int)
  /// An integer beyond 64 bits.
  case overflow
  case fraction

  init(_ result: (partialValue: Int, overflow: Bool)) {
    self = result.overflow ? .overflow : .integer(result.partialValue)
  }
}

extension Arithmetic.Operator {
  /// The result for two integers, the second not 0 in a division.
  fileprivate func integers(_ a: Int, _ b: Int) -> IntegerResult {
    switch self {
    case .plus: return IntegerResult(a.addingReportingOverflow(b))
    case .minus: return IntegerResult(a.subtractingReportingOverflow(b))
    case .times: return IntegerResult(a.multipliedReportingOverflow(by: b))
    case .over, .wholeOver, .remainder:
      let quotient = a.dividedReportingOverflow(by: b)
      // −2⁶³ by −1 does not fit, though it leaves nothing.
      guard !quotient.overflow else { return self == .remainder ? .integer(0) : .overflow }
      let rest = a - b * quotient.partialValue
      let isBelow = rest != 0 && (rest < 0) != (b < 0)
      switch self {
      case .over: return rest == 0 ? .integer(quotient.partialValue) : .fraction
      case .wholeOver: return .integer(quotient.partialValue - (isBelow ? 1 : 0))
      default: return .integer(rest + (isBelow ? b : 0))
      }
    case .power: return b < 0 ? .fraction : Arithmetic.Operator.power(a, b)
    case .or, .and, .equal, .different, .less, .atMost, .greater, .atLeast: return .fraction
    }
  }

  /// By squaring: at most 64 rounds.
  private static func power(_ base: Int, _ exponent: Int) -> IntegerResult {
    var (result, square, rest) = (1, base, exponent)
    while true {
      if rest & 1 == 1 {
        let product = result.multipliedReportingOverflow(by: square)
        guard !product.overflow else { return .overflow }
        result = product.partialValue
      }
      rest >>= 1
      guard rest > 0 else { return .integer(result) }
      let next = square.multipliedReportingOverflow(by: square)
      guard !next.overflow else { return .overflow }
      square = next.partialValue
    }
  }

  fileprivate func fractions(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .plus: return a + b
    case .minus: return a - b
    case .times: return a * b
    case .over: return a / b
    case .wholeOver: return (a / b).rounded(.down)
    case .remainder:
      let rest = fmod(a, b)
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    case .power: return pow(a, b)
    case .or, .and, .equal, .different, .less, .atMost, .greater, .atLeast: return .nan
    }
  }
}

extension Arithmetic.Function {
  fileprivate func value(
    of arguments: [ArithmeticValue], at offset: Int
  ) throws(Arithmetic.Failure) -> ArithmeticValue {
    for argument in arguments where argument.number == nil {
      throw Arithmetic.Failure(
        message: "\(rawValue): expected a number, received \(argument.received)", offset: offset)
    }
    guard var result = arguments.first else { return .integer(0) }
    switch (self, result) {
    case (.min, _), (.max, _):
      for argument in arguments.dropFirst() {
        let isLess = try argument.compared(.less, result, at: offset)
        let isGreater = try argument.compared(.greater, result, at: offset)
        if self == .min ? isLess : isGreater { result = argument }
      }
      return result
    case (.abs, .integer(let value)):
      return value < 0 ? try ArithmeticValue.integer(0).number(.minus, result, at: offset) : result
    case (.abs, .fraction(let value)): return .fraction(Swift.abs(value))
    case (.floor, .fraction(let value)): return .fraction(value.rounded(.down))
    case (.ceil, .fraction(let value)): return .fraction(value.rounded(.up))
    default: return result
    }
  }
}
