/// y = f(Σ x), element by element, with an optional nonlinearity f. Operands: the bottoms, (mask), y.
package struct SumShape: MaskableShape {
  /// The number of tensors in the sum.
  package let parts: Int
  package let count: Int
  package var nonlinearity: Nonlinearity?
  /// The slope of a ReLU whose gradient the sum becomes. The mask is the value of the ReLU.
  package var maskSlope: Float?

  package init(parts: Int, count: Int) {
    self.parts = parts
    self.count = count
  }

  /// True for the sum of two tensors without a nonlinearity.
  var isPlainPair: Bool { parts == 2 && nonlinearity == nil && maskSlope == nil }

  package func implementation() -> any PrimitiveImplementation { FusedSum(shape: self) }
}

private struct FusedSum: PrimitiveImplementation {
  let shape: SumShape

  func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    let (parts, y) = (Array(operands.prefix(shape.parts)), operands[operands.count - 1])
    if parts.count == 2, case .relu(let slope) = shape.nonlinearity {
      return rectifiedSum(parts[0], parts[1], to: y, count: shape.count, slope: slope)
    }
    if parts.count == 2, let slope = shape.maskSlope {
      return maskedSum(
        parts[0], parts[1], mask: operands[2], to: y, count: shape.count, slope: slope)
    }
    let sum = elementwiseSum(of: parts, to: y, count: shape.count)
    if let slope = shape.maskSlope {
      return KernelSequence([
        sum,
        nonlinearityGradient(
          .relu(slope: slope), y: operands[shape.parts], dy: y, to: y, count: shape.count),
      ])
    }
    guard let function = shape.nonlinearity else { return sum }
    return KernelSequence([sum, nonlinearity(function, from: y, to: y, count: shape.count)])
  }
}

/// y = ReLU(a + b) in one pass, as at the end of a residual block.
private func rectifiedSum(
  _ a: FloatView, _ b: FloatView, to y: FloatView, count: Int, slope: Float
) -> some Kernel {
  let (a, b, y) = (a.checked(count), b.checked(count), y.checked(count))
  return PreparedLoop {
    var index = 0
    while index &+ 16 <= count {
      y.store((a.load16(index) + b.load16(index)).rectified(slope: slope), index)
      index &+= 16
    }
    while index < count {
      y[index] = rectified(a[index] + b[index], slope: slope)
      index &+= 1
    }
  }
}

/// ∂x = f′·(a + b) with the gradient f′ of a ReLU, in one pass.
///
/// - Parameter mask: the value of the ReLU.
private func maskedSum(
  _ a: FloatView, _ b: FloatView, mask: FloatView, to result: FloatView, count: Int, slope: Float
) -> some Kernel {
  let (a, b) = (a.checked(count), b.checked(count))
  let (mask, result) = (mask.checked(count), result.checked(count))
  return PreparedLoop {
    for index in 0..<count {
      let sum = a[index] + b[index]
      result[index] = mask[index] > 0 ? sum : slope * sum
    }
  }
}
