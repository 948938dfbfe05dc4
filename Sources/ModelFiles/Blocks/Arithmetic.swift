internal import YAML

/// What stands between `$(` and `)`: names, numbers, texts in quotes, and what is done with them.
///
/// From the loosest to the tightest: `a if c else b`; `or`; `and`; `not`; `==`, `!=`, `<`, `<=`, `>`,
/// `>=`; `+`, `-`; `*`, `/`, `//`, `%`; the sign `-`; `**`. `/` is exact, `//` rounds towards minus
/// infinity, and `a % b` is a − b·(a // b). A result of integers is an integer wherever it is whole.
/// `and`, `or` and the choice look at no more than they need.
indirect enum Arithmetic: Sendable {
  case value(ArithmeticValue)
  case name(String, at: Int)
  case negative(Arithmetic, at: Int)
  case not(Arithmetic, at: Int)
  case binary(Operator, Arithmetic, Arithmetic, at: Int)
  case choice(Arithmetic, condition: Arithmetic, otherwise: Arithmetic, at: Int)
  case call(Function, [Arithmetic], at: Int)

  /// An operator between two operands, in groups that bind tighter and tighter.
  enum Operator: String, CaseIterable, Sendable {
    case or
    case and
    case equal = "=="
    case different = "!="
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case wholeOver = "//"
    case remainder = "%"
    case power = "**"

    /// How tightly it binds.
    var rank: Int {
      switch self {
      case .or: 1
      case .and: 2
      case .equal, .different, .less, .atMost, .greater, .atLeast: Operator.comparisonRank
      case .plus, .minus: 4
      case .times, .over, .wholeOver, .remainder: 5
      case .power: Operator.powerRank
      }
    }

    static let comparisonRank = 3
    static let productRank = 5
    static let powerRank = 6
  }

  enum Function: String, CaseIterable, Sendable {
    case min
    case max
    case abs
    case floor
    case ceil

    var argumentCount: ClosedRange<Int> {
      switch self {
      case .min, .max: 1...100
      case .abs, .floor, .ceil: 1...1
      }
    }
  }

  /// The words that are no names.
  static let words = ["if", "else", "and", "or", "not", "true", "false"]
  /// The most bytes between the parentheses.
  static let lengthLimit = 1000
  /// Parentheses within parentheses, and whatever else contains itself.
  static let depthLimit = 64

  /// A mistake at a byte of the text that holds the `$(`.
  struct Failure: Error {
    let message: String
    let offset: Int
    var suggestion: String?
  }

  /// The names that are used, with their places.
  var names: [(name: String, offset: Int)] {
    switch self {
    case .value: []
    case .name(let name, let offset): [(name, offset)]
    case .negative(let operand, _), .not(let operand, _): operand.names
    case .binary(_, let left, let right, _): left.names + right.names
    case .choice(let value, let condition, let otherwise, _):
      value.names + condition.names + otherwise.names
    case .call(_, let arguments, _): arguments.flatMap(\.names)
    }
  }
}
