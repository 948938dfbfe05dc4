internal import Kernels

/// What can be called in a formula.
struct FormulaFunction {
  let name: String
  let argumentCount: ClosedRange<Int>
  /// The operation of all arguments; of more than it has operands, of the result and the next.
  let operation: FormulaOperation

  private init(_ name: String, _ operation: FormulaOperation, upTo most: Int? = nil) {
    self.name = name
    self.operation = operation
    argumentCount = operation.operandCount...(most ?? operation.operandCount)
  }

  /// By name, without `sum` and `mean`, whose arguments are no values.
  static let all: [FormulaFunction] = [
    FormulaFunction("abs", .absolute), FormulaFunction("atan", .atan),
    FormulaFunction("ceil", .ceil), FormulaFunction("cos", .cos), FormulaFunction("erf", .erf),
    FormulaFunction("exp", .exp), FormulaFunction("expm1", .expm1),
    FormulaFunction("floor", .floor), FormulaFunction("log", .log),
    FormulaFunction("log1p", .log1p), FormulaFunction("max", .maximum, upTo: 100),
    FormulaFunction("min", .minimum, upTo: 100), FormulaFunction("pow", .power),
    FormulaFunction("relu", .relu), FormulaFunction("round", .round),
    FormulaFunction("sigmoid", .sigmoid), FormulaFunction("sign", .sign),
    FormulaFunction("sin", .sin), FormulaFunction("softplus", .softplus),
    FormulaFunction("sqrt", .sqrt), FormulaFunction("square", .square),
    FormulaFunction("tan", .tan), FormulaFunction("tanh", .tanh),
    FormulaFunction("where", .select),
  ]

  static func named(_ name: String) -> FormulaFunction? { all.first { $0.name == name } }

  static let names = all.map(\.name) + FormulaReduction.allCases.map(\.rawValue)

  /// "1 argument", "2 to 100 arguments".
  var arguments: String {
    let (least, most) = (argumentCount.lowerBound, argumentCount.upperBound)
    return least == most
      ? "\(least) argument\(least == 1 ? "" : "s")" : "\(least) to \(most) arguments"
  }
}
