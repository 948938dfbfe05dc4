import Functions
import Testing

/// A function of one number in both formats, and the error bounds of its documentation.
struct FunctionEntry: Sendable, CustomTestStringConvertible {
  let name: String
  let double: @Sendable (Double) -> Double
  let doubleBound: Double
  let float: @Sendable (Float) -> Float
  let floatBound: Double

  var testDescription: String { name }

  static let all: [FunctionEntry] = [
    FunctionEntry(
      name: "exp", double: { exponential($0) }, doubleBound: 0.9, float: { exponential($0) },
      floatBound: 0.8),
    FunctionEntry(
      name: "expm1", double: { exponentialMinusOne($0) }, doubleBound: 0.9,
      float: { exponentialMinusOne($0) }, floatBound: 1.1),
    FunctionEntry(
      name: "log", double: { logarithm($0) }, doubleBound: 0.6, float: { logarithm($0) },
      floatBound: 0.9),
    FunctionEntry(
      name: "log1p", double: { logarithmOfOnePlus($0) }, doubleBound: 0.7,
      float: { logarithmOfOnePlus($0) }, floatBound: 0.9),
    FunctionEntry(
      name: "tanh", double: { hyperbolicTangent($0) }, doubleBound: 0.8,
      float: { hyperbolicTangent($0) }, floatBound: 1.4),
    FunctionEntry(
      name: "sigmoid", double: { sigmoid($0) }, doubleBound: 0.9, float: { sigmoid($0) },
      floatBound: 1.3),
    FunctionEntry(
      name: "softplus", double: { softplus($0) }, doubleBound: 0.9, float: { softplus($0) },
      floatBound: 1.5),
    FunctionEntry(
      name: "erf", double: { errorFunction($0) }, doubleBound: 0.8, float: { errorFunction($0) },
      floatBound: 1.4),
    FunctionEntry(
      name: "erfc", double: { complementaryErrorFunction($0) }, doubleBound: 0.9,
      float: { complementaryErrorFunction($0) }, floatBound: 0.51),
    FunctionEntry(
      name: "sin", double: { sine($0) }, doubleBound: 0.8, float: { sine($0) }, floatBound: 0.51),
    FunctionEntry(
      name: "cos", double: { cosine($0) }, doubleBound: 0.8, float: { cosine($0) },
      floatBound: 0.51),
    FunctionEntry(
      name: "tan", double: { tangent($0) }, doubleBound: 0.9, float: { tangent($0) },
      floatBound: 0.51),
    FunctionEntry(
      name: "atan", double: { arctangent($0) }, doubleBound: 0.8, float: { arctangent($0) },
      floatBound: 0.51),
  ]
}
