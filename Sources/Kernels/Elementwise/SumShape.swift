/// y = f(Σ x), element by element, with an optional nonlinearity f. Operands: the bottoms, then y.
package struct SumShape: FusibleShape {
  /// The number of tensors in the sum.
  package let parts: Int
  package let count: Int
  package var nonlinearity: Nonlinearity?

  package init(parts: Int, count: Int) {
    self.parts = parts
    self.count = count
  }

  /// True for the sum of two tensors without a nonlinearity.
  var isPlainPair: Bool { parts == 2 && nonlinearity == nil }

  package func implementation() -> any PrimitiveImplementation { FusedSum(shape: self) }
}

private struct FusedSum: PrimitiveImplementation {
  let shape: SumShape

  func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    let (parts, y) = (Array(operands.dropLast()), operands[operands.count - 1])
    if parts.count == 2, case .relu(let slope) = shape.nonlinearity {
      return rectifiedSum(parts[0], parts[1], to: y, count: shape.count, slope: slope)
    }
    let sum = elementwiseSum(of: parts, to: y, count: shape.count)
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
