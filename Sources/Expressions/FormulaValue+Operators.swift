internal import Functions
internal import LayerKernels

extension FormulaValue {
  /// The truth value.
  ///
  /// - Throws: ``FormulaMistake`` of the operator `word` if this is not a truth value.
  func condition(of word: String, at offset: Int) throws(FormulaMistake) -> Bool {
    guard case .truth(let value) = self else {
      throw FormulaMistake(
        "'\(word)': expected true or false, received \(received)", at: offset)
    }
    return value
  }

  /// Whether a comparison holds.
  func compared(
    _ operation: FormulaOperator, _ other: FormulaValue, at offset: Int
  ) throws(FormulaMistake) -> Bool {
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
    case (.unequal, _): return !isEqual
    case (.less, let isLess?): return isLess
    case (.lessOrEqual, let isLess?): return isLess || isEqual
    case (.greater, let isLess?): return !isLess && !isEqual
    case (.greaterOrEqual, let isLess?): return !isLess
    default: throw mismatch(operation, other, at: offset)
    }
  }

  private func mismatch(
    _ operation: FormulaOperator, _ other: FormulaValue, at offset: Int
  ) -> FormulaMistake {
    let isEquality = operation == .equal || operation == .unequal
    return FormulaMistake(
      "'\(operation.rawValue)': expected two \(isEquality ? "values of one kind" : "numbers")"
        + ", received \(received) and \(other.received)", at: offset)
  }

  /// The result of an operator on two numbers.
  func number(
    _ operation: FormulaOperator, _ other: FormulaValue, at offset: Int
  ) throws(FormulaMistake) -> FormulaValue {
    guard let a = number, let b = other.number else {
      throw mismatch(operation, other, at: offset)
    }
    let divides = [.over, .wholeOver, .remainder].contains(operation)
    guard !divides || b != 0 else {
      throw FormulaMistake(
        "'\(operation.rawValue)': division of \(received) by zero", at: offset)
    }
    if case .integer(let a) = self, case .integer(let b) = other {
      switch operation.integers(a, b) {
      case .integer(let value): return .integer(value)
      case .overflow:
        throw FormulaMistake(
          "'\(operation.rawValue)': \(a) \(operation.rawValue) \(b) is beyond 64 bits",
          at: offset)
      case .fraction: break
      }
    }
    let result = operation.fractions(a, b)
    guard result.isFinite else {
      throw FormulaMistake(
        "'\(operation.rawValue)': \(received) \(operation.rawValue) \(other.received) is "
          + (result.isNaN ? "not a number" : "too large"), at: offset)
    }
    return .fraction(result)
  }
}

/// The result of an operator on two integers.
private enum IntegerResult {
  case integer(Int)
  /// An integer beyond 64 bits.
  case overflow
  case fraction

  init(_ result: (partialValue: Int, overflow: Bool)) {
    self = result.overflow ? .overflow : .integer(result.partialValue)
  }
}

extension FormulaOperator {
  /// The result for two integers. In a division, the second integer is not 0.
  fileprivate func integers(_ a: Int, _ b: Int) -> IntegerResult {
    switch self {
    case .plus: return IntegerResult(a.addingReportingOverflow(b))
    case .minus: return IntegerResult(a.subtractingReportingOverflow(b))
    case .times: return IntegerResult(a.multipliedReportingOverflow(by: b))
    case .over, .wholeOver, .remainder:
      let quotient = a.dividedReportingOverflow(by: b)
      // The quotient of −2⁶³ and −1 overflows, but its remainder is 0.
      guard !quotient.overflow else { return self == .remainder ? .integer(0) : .overflow }
      let rest = a - b * quotient.partialValue
      let isBelow = rest != 0 && (rest < 0) != (b < 0)
      switch self {
      case .over: return rest == 0 ? .integer(quotient.partialValue) : .fraction
      case .wholeOver: return .integer(quotient.partialValue - (isBelow ? 1 : 0))
      default: return .integer(rest + (isBelow ? b : 0))
      }
    case .power: return b < 0 ? .fraction : FormulaOperator.power(a, b)
    case .or, .and, .not, .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return .fraction
    }
  }

  /// Computes a power by squaring, in at most 64 rounds.
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
      let rest = a.truncatingRemainder(dividingBy: b)
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    case .power: return Functions.power(a, b)
    case .or, .and, .not, .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return .nan
    }
  }
}

extension FormulaFunction {
  /// The value of a function of numbers. Functions that round or select a number keep integers.
  func value(of arguments: [FormulaValue], at offset: Int) throws(FormulaMistake) -> FormulaValue {
    for argument in arguments where argument.number == nil {
      throw FormulaMistake(
        "'\(name)': expected a number, received \(argument.received)", at: offset)
    }
    let first = arguments[0]
    switch (operation, first) {
    case (.minimum, _), (.maximum, _):
      var result = first
      for argument in arguments.dropFirst() {
        let order: FormulaOperator = operation == .minimum ? .less : .greater
        if try argument.compared(order, result, at: offset) { result = argument }
      }
      return result
    case (.absolute, .integer(let value)):
      return value < 0 ? try FormulaValue.integer(0).number(.minus, first, at: offset) : first
    case (.relu, .integer(let value)): return .integer(max(value, 0))
    case (.sign, .integer(let value)): return .integer(value.signum())
    case (.floor, .integer), (.ceil, .integer), (.round, .integer): return first
    case (.square, _): return try first.number(.times, first, at: offset)
    case (.power, _): return try first.number(.power, arguments[1], at: offset)
    default:
      let numbers = arguments.compactMap(\.number)
      let result = operation.value(numbers[0], 0, 0)
      guard result.isFinite else {
        throw FormulaMistake(
          "'\(name)': \(name)(\(first.received)) is \(result.isNaN ? "not a number" : "infinite")",
          at: offset)
      }
      return .fraction(result)
    }
  }
}
