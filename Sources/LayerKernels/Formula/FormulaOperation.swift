internal import Functions

/// The function of one instruction of a formula, on elements a, b and c of its operands.
///
/// Truth is 1 or 0, and every number but 0 is true. NaN passes through all operations with two
/// exceptions. Comparisons with NaN are false, and `select` ignores the branch that it does not
/// take.
package enum FormulaOperation: UInt8, Sendable, Hashable, CaseIterable {
  case copy, negate, absolute, sign, floor, ceil, round
  case exp, expm1, log, log1p, sqrt, square
  case sin, cos, tan, atan, tanh, sigmoid, relu, softplus, erf
  /// 1 if a is 0.
  case not
  case add, subtract, multiply, divide, power, minimum, maximum
  case less, lessOrEqual, equal, unequal, and, or
  /// a·b, and 0 if a or b is 0, even if the other is not finite. A gradient times a derivative.
  case scale
  /// a / b, and 0 if a is 0, for any b. A gradient divided by a number.
  case quotient
  /// 1 if a > b, ½ if a = b, and 0 otherwise: a's share in the gradient of the maximum.
  case share
  /// b if a is true, c otherwise. NaN of the other branch does not appear in the gradient.
  case select

  package var operandCount: Int {
    switch self {
    case .copy, .negate, .absolute, .sign, .floor, .ceil, .round, .exp, .expm1, .log, .log1p,
      .sqrt, .square, .sin, .cos, .tan, .atan, .tanh, .sigmoid, .relu, .softplus, .erf, .not:
      1
    case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .less, .lessOrEqual,
      .equal, .unequal, .and, .or, .scale, .quotient, .share:
      2
    case .select: 3
    }
  }

  /// Returns the value of an instruction on constants, in double precision.
  package func value(_ a: Double, _ b: Double = 0, _ c: Double = 0) -> Double {
    switch operandCount {
    case 1: value(of: a)
    case 2: value(of: a, b)
    default: a != 0 ? b : c
    }
  }

  private func value(of a: Double) -> Double {
    switch self {
    case .copy: a
    case .negate: -a
    case .absolute: abs(a)
    case .sign: a > 0 ? 1 : a < 0 ? -1 : a
    case .floor: a.rounded(.down)
    case .ceil: a.rounded(.up)
    case .round: a.rounded(.toNearestOrEven)
    case .exp: exponential(a)
    case .expm1: exponentialMinusOne(a)
    case .log: logarithm(a)
    case .log1p: logarithmOfOnePlus(a)
    case .sqrt: a.squareRoot()
    case .square: a * a
    case .sin: sine(a)
    case .cos: cosine(a)
    case .tan: tangent(a)
    case .atan: arctangent(a)
    case .tanh: hyperbolicTangent(a)
    case .sigmoid: Functions.sigmoid(a)
    case .relu: a < 0 ? 0 : a
    case .softplus: Functions.softplus(a)
    case .erf: errorFunction(a)
    case .not: a == 0 ? 1 : 0
    default: preconditionFailure("\(self) has more than one operand")
    }
  }

  private func value(of a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: Functions.power(a, b)
    case .minimum: a < b || a.isNaN ? a : b
    case .maximum: a > b || a.isNaN ? a : b
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .unequal: a != b ? 1 : 0
    case .and: a != 0 && b != 0 ? 1 : 0
    case .or: a != 0 || b != 0 ? 1 : 0
    case .scale: a == 0 || b == 0 ? 0 : a * b
    case .quotient: a == 0 ? 0 : a / b
    case .share: a > b ? 1 : a == b ? 0.5 : 0
    default: preconditionFailure("\(self) does not have two operands")
    }
  }
}
