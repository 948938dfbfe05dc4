internal import Kernels
internal import LayerKernels

/// Reverse-mode differentiation. Gradients are terms too, so that a formula and its derivative
/// share common subexpressions.
///
/// These rules apply where a derivative does not exist or a factor is infinite:
/// - The product of a gradient and a derivative is 0 if one of them is 0, even if the other is
///   infinite or NaN. Therefore the branch that `where` does not select has no influence.
/// - Conditions, comparisons, `and`, `or`, `not`, `sign`, `floor`, `ceil` and `round` have
///   derivative 0.
/// - For equal values, `min` and `max` give each operand half of the gradient. `abs` and `relu`
///   have derivative 0 at 0.
///
/// Reference: S. Linnainmaa, "Taylor expansion of the accumulated rounding error", 1976.
extension FormulaTerms {
  /// The gradients of `result` with respect to the inputs. Nil for an input that `result` does not
  /// depend on.
  ///
  /// - Parameters:
  ///   - gradient: the term of the gradient of `result`.
  ///   - inputs: the terms of the inputs. Nil for an input whose gradient is not needed.
  package mutating func gradients(of result: Int, _ gradient: Int, inputs: [Int?]) -> [Int?] {
    var gradients = [Int?](repeating: nil, count: result + 1)
    gradients[result] = gradient
    let isWanted = reaching(Set(inputs.compactMap { $0 }), upTo: result)
    for term in (0...result).reversed() {
      guard isWanted[term], let gradient = gradients[term] else { continue }
      for (operand, part) in contributions(of: term, gradient) where isWanted[operand] {
        // A gradient of 0 adds nothing.
        if value(of: part) == 0 { continue }
        let own = reduced(part, to: shapes[operand])
        gradients[operand] = gradients[operand].map { apply(.add, $0, own) } ?? own
      }
    }
    return inputs.map { $0.flatMap { $0 <= result ? gradients[$0] : nil } }
  }

  /// Whether each term up to `result` depends on one of `inputs`.
  private func reaching(_ inputs: Set<Int>, upTo result: Int) -> [Bool] {
    var reaches = [Bool](repeating: false, count: result + 1)
    for term in 0...result {
      switch terms[term] {
      case .constant, .resultGradient: break
      case .input: reaches[term] = inputs.contains(term)
      case .operation(_, let operands): reaches[term] = operands.contains { reaches[$0] }
      case .sum(let operand, _), .reshaped(let operand, _), .repeated(let operand, _):
        reaches[term] = reaches[operand]
      }
    }
    return reaches
  }

  /// Sums a gradient over the axes along which the operand was repeated.
  private mutating func reduced(_ term: Int, to shape: [Int]) -> Int {
    let own = shapes[term]
    let missing = own.count - shape.count
    let kept = own.indices.map { $0 < missing ? 1 : shape[$0 - missing] }
    return reshaped(sum(term, keeping: kept), to: shape)
  }

  /// The gradients that a term passes to its operands.
  private mutating func contributions(
    of term: Int, _ gradient: Int
  ) -> [(operand: Int, gradient: Int)] {
    switch terms[term] {
    case .constant, .input, .resultGradient: return []
    case .sum(let operand, _): return [(operand, repeated(gradient, to: shapes[operand]))]
    // The caller sums over the repeated axes, as for any other term.
    case .repeated(let operand, _): return [(operand, gradient)]
    case .reshaped(let operand, _):
      return [(operand, reshaped(gradient, to: shapes[operand]))]
    case .operation(let operation, let operands):
      switch operands.count {
      case 1:
        return derivative(operation, of: operands[0], value: term, gradient).map {
          [(operands[0], $0)]
        } ?? []
      case 2: return derivatives(operation, operands[0], operands[1], value: term, gradient)
      default:
        let zero = constant(0)
        return [
          (operands[1], apply(.select, operands[0], gradient, zero)),
          (operands[2], apply(.select, operands[0], zero, gradient)),
        ]
      }
    }
  }

  /// The gradient of the operand of y = f(x). Nil if the derivative is 0.
  private mutating func derivative(
    _ operation: FormulaOperation, of x: Int, value y: Int, _ gradient: Int
  ) -> Int? {
    let one = constant(1)
    switch operation {
    case .copy: return gradient
    case .negate: return apply(.negate, gradient)
    case .absolute: return apply(.scale, gradient, apply(.sign, x))
    case .exp: return apply(.scale, gradient, y)
    case .expm1: return apply(.scale, gradient, apply(.add, y, one))
    case .log: return apply(.quotient, gradient, x)
    case .log1p: return apply(.quotient, gradient, apply(.add, x, one))
    case .sqrt: return apply(.quotient, gradient, apply(.multiply, y, constant(2)))
    case .square: return apply(.scale, gradient, apply(.multiply, x, constant(2)))
    case .sin: return apply(.scale, gradient, apply(.cos, x))
    case .cos: return apply(.negate, apply(.scale, gradient, apply(.sin, x)))
    case .tan: return apply(.scale, gradient, apply(.add, one, apply(.square, y)))
    case .atan: return apply(.quotient, gradient, apply(.add, one, apply(.square, x)))
    case .tanh: return apply(.scale, gradient, apply(.subtract, one, apply(.square, y)))
    case .sigmoid:
      return apply(.scale, gradient, apply(.multiply, y, apply(.subtract, one, y)))
    case .relu: return apply(.select, apply(.less, constant(0), x), gradient, constant(0))
    case .softplus: return apply(.scale, gradient, apply(.sigmoid, x))
    case .erf:
      let bell = apply(.exp, apply(.negate, apply(.square, x)))
      return apply(.scale, gradient, apply(.multiply, bell, constant(2 / Double.pi.squareRoot())))
    default: return nil
    }
  }

  /// The gradients of the operands of y = f(a, b).
  private mutating func derivatives(
    _ operation: FormulaOperation, _ a: Int, _ b: Int, value y: Int, _ gradient: Int
  ) -> [(operand: Int, gradient: Int)] {
    switch operation {
    case .add: return [(a, gradient), (b, gradient)]
    case .subtract: return [(a, gradient), (b, apply(.negate, gradient))]
    case .multiply: return [(a, apply(.scale, gradient, b)), (b, apply(.scale, gradient, a))]
    case .divide:
      let slope = apply(.divide, y, b)
      return [
        (a, apply(.quotient, gradient, b)), (b, apply(.negate, apply(.scale, gradient, slope))),
      ]
    case .power:
      let lower = apply(.power, a, apply(.subtract, b, constant(1)))
      // The logarithm exists only for a base above 0. For other bases the exponent has a gradient
      // of 0.
      let logarithm = apply(.select, apply(.less, constant(0), a), apply(.log, a), constant(0))
      return [
        (a, apply(.scale, gradient, apply(.scale, b, lower))),
        (b, apply(.scale, gradient, apply(.scale, y, logarithm))),
      ]
    case .maximum:
      return [
        (a, apply(.scale, gradient, apply(.share, a, b))),
        (b, apply(.scale, gradient, apply(.share, b, a))),
      ]
    case .minimum:
      return [
        (a, apply(.scale, gradient, apply(.share, b, a))),
        (b, apply(.scale, gradient, apply(.share, a, b))),
      ]
    default: return []
    }
  }
}
