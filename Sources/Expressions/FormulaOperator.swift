/// An operator between two operands, or before one.
package enum FormulaOperator: String, Sendable, CaseIterable {
  case or
  case and
  case not
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case unequal = "!="
  case plus = "+"
  case minus = "-"
  case times = "*"
  case over = "/"
  /// The quotient, rounded towards −∞.
  case wholeOver = "//"
  /// a % b is a − b·(a // b).
  case remainder = "%"
  /// Also written `^`.
  case power = "**"

  init?(spelling: String) {
    self.init(rawValue: spelling == "^" ? "**" : spelling)
  }

  /// The precedence of operators, lowest first.
  enum Level: Int, Comparable {
    case or = 1
    case and, not, comparison, sum, product, sign, power

    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

    var tighter: Level { Level(rawValue: rawValue + 1) ?? .power }
  }

  /// The precedence of a binary operator. Nil for `not`, which has one operand.
  var level: Level? {
    switch self {
    case .or: .or
    case .and: .and
    case .not: nil
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .unequal: .comparison
    case .plus, .minus: .sum
    case .times, .over, .wholeOver, .remainder: .product
    case .power: .power
    }
  }
}
