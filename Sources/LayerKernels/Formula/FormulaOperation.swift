internal import Glibc

/// What one instruction of a formula computes of the elements of its operands, called a, b and c.
///
/// Truth is 1 or 0, and every number but 0 is true. NaN passes through all but comparisons, which it makes false, and
/// the branches that `select` does not take.
package enum FormulaOperation: UInt8, Sendable, Hashable, CaseIterable {
  case copy, negate, absolute, sign, floor, ceil, round
  case exp, expm1, log, log1p, sqrt, square
  case sin, cos, tan, atan, tanh, sigmoid, relu, softplus, erf
  /// 1 where a is 0.
  case not
  case add, subtract, multiply, divide, power, minimum, maximum
  case less, lessOrEqual, equal, unequal, and, or
  /// a·b, and 0 where either is 0, whatever the other: a gradient times a derivative.
  case scale
  /// a / b, and 0 where a is 0, whatever b: a gradient over a divisor.
  case quotient
  /// 1 where a > b, ½ where they are equal, 0 elsewhere: a's share in the gradient of their maximum.
  case share
  /// b where a is true, c elsewhere; a gradient of the branch that is not taken never appears.
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

  /// The value of constants: what an instruction would compute, in double precision.
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
    case .floor: Glibc.floor(a)
    case .ceil: Glibc.ceil(a)
    case .round: rint(a)
    case .exp: Glibc.exp(a)
    case .expm1: Glibc.expm1(a)
    case .log: Glibc.log(a)
    case .log1p: Glibc.log1p(a)
    case .sqrt: a.squareRoot()
    case .square: a * a
    case .sin: Glibc.sin(a)
    case .cos: Glibc.cos(a)
    case .tan: Glibc.tan(a)
    case .atan: Glibc.atan(a)
    case .tanh: Glibc.tanh(a)
    case .sigmoid: 1 / (1 + Glibc.exp(-a))
    case .relu: a < 0 ? 0 : a
    case .softplus: (a < 0 ? 0 : a) + Glibc.log1p(Glibc.exp(-abs(a)))
    case .erf: Glibc.erf(a)
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
    case .power: pow(a, b)
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
    default: preconditionFailure("\(self) has not two operands")
    }
  }
}
