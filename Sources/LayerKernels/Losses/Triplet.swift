package import Kernels

/// Σ max(d(a, p) − d(a, n) + margin, 0) over examples, in double precision.
///
/// a is the anchor, p is a positive of the same class, and n is a negative of another class.
package func tripletLoss(
  _ operands: TripletOperands, sums: DoubleView, weights: ExampleWeights = .equal
) -> some Kernel {
  let sums = sums.checked(LossSums.count)
  return PreparedLoop {
    var total = 0.0
    for example in 0..<operands.examples {
      let loss = operands.violation(example)
      // The negated comparison lets NaN reach the total.
      if !(loss <= 0) { total += weights[example] * loss }
    }
    let examples = operands.examples
    sums.setLoss(
      total, valid: weights.sum(examples: examples), positions: examples, examples: examples,
      weights)
  }
}

/// The gradient of a triplet loss by one of its three operands.
///
/// - Parameter operand: 0 is the anchor, 1 the positive, 2 the negative.
package func tripletLossGradient(
  _ operands: TripletOperands, _ scale: LossScale, of operand: Int, to gradient: FloatView
) -> some Kernel {
  let gradient = gradient.checked(operands.examples * operands.width)
  return PreparedLoop {
    let scale = scale.value
    let (a, p, n) = (operands.anchor, operands.positive, operands.negative)
    for example in 0..<operands.examples {
      let isViolated = operands.violation(example) > 0
      let factor = isViolated ? scale : 0
      let toPositive = operands.slope(operands.distance(example, to: p)) * factor
      let toNegative = operands.slope(operands.distance(example, to: n)) * factor
      for index in example &* operands.width..<(example &+ 1) &* operands.width {
        let near = (Double(a[index]) - Double(p[index])) * toPositive
        let far = (Double(a[index]) - Double(n[index])) * toNegative
        gradient[index] = Float(operand == 0 ? near - far : operand == 1 ? -near : far)
      }
    }
  }
}
