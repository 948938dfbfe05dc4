internal import Kernels
package import LayerKernels

/// A function that formulas can call.
package struct FormulaFunction: Sendable {
  package let name: String
  package let argumentCount: ClosedRange<Int>
  /// The operation on the arguments. If the operation has fewer operands than there are arguments,
  /// it is applied from left to right.
  package let operation: FormulaOperation

  private init(
    _ name: String, _ operation: FormulaOperation, _ argumentCount: ClosedRange<Int>? = nil
  ) {
    self.name = name
    self.operation = operation
    self.argumentCount = argumentCount ?? operation.operandCount...operation.operandCount
  }

  /// All functions except `sum` and `mean`, whose arguments include an axis.
  static let all: [FormulaFunction] = [
    FormulaFunction("abs", .absolute), FormulaFunction("atan", .atan),
    FormulaFunction("ceil", .ceil), FormulaFunction("cos", .cos), FormulaFunction("erf", .erf),
    FormulaFunction("exp", .exp), FormulaFunction("expm1", .expm1),
    FormulaFunction("floor", .floor), FormulaFunction("log", .log),
    FormulaFunction("log1p", .log1p), FormulaFunction("max", .maximum, 1...100),
    FormulaFunction("min", .minimum, 1...100), FormulaFunction("pow", .power),
    FormulaFunction("relu", .relu), FormulaFunction("round", .round),
    FormulaFunction("sigmoid", .sigmoid), FormulaFunction("sign", .sign),
    FormulaFunction("sin", .sin), FormulaFunction("softplus", .softplus),
    FormulaFunction("sqrt", .sqrt), FormulaFunction("square", .square),
    FormulaFunction("tan", .tan), FormulaFunction("tanh", .tanh),
    FormulaFunction("where", .select),
  ]

  static func named(_ name: String) -> FormulaFunction? { all.first { $0.name == name } }

  static let names = all.map(\.name) + FormulaReduction.allCases.map(\.rawValue)

  /// Checks the number of arguments.
  ///
  /// - Throws: ``FormulaMistake`` if `count` is outside `range`.
  func check(_ count: Int, in range: ClosedRange<Int>, at place: Int) throws(FormulaMistake) {
    guard !range.contains(count) else { return }
    let (least, most) = (range.lowerBound, range.upperBound)
    let expected =
      least == most
      ? "\(least) argument\(least == 1 ? "" : "s")" : "\(least) to \(most) arguments"
    throw FormulaMistake("'\(name)': expected \(expected), received \(count)", at: place)
  }
}
