/// A product of small matrices in SIMD loops, without a call to oneDNN.
///
/// If the right operand is row-major, the kernel sums sixteen columns of two rows over the depth.
/// If it is column-major, the kernel computes dot products of one row with two columns. The order
/// of every sum depends only on the shape.
package struct SmallProduct: PrimitiveImplementation {
  private let shape: ProductShape

  /// Makes the implementation.
  ///
  /// - Parameter shape: at most one operand is transposed, and the right operand and the result
  ///   have no gaps.
  package init(shape: ProductShape) { self.shape = shape }

  package var name: String { "swift:small" }

  package func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    let operands = SmallOperands(shape, operands)
    return shape.right == .rowMajor
      ? PreparedLoop { operands.multiplyRows() } : PreparedLoop { operands.multiplyDots() }
  }
}

/// The extents and operands of both loops, and the functions that finish sums.
private struct SmallOperands: Sendable {
  let rows: Int
  let depth: Int
  let columns: Int
  let leftRowStride: Int
  let leftDepthStride: Int
  let left: FloatView
  let right: FloatView
  let hasBias: Bool
  let bias: FloatView
  let result: FloatView
  /// The slope of a ReLU, which the loops apply to sums in registers. 1 without a ReLU.
  let slope: Float
  /// Another function, which a second pass applies. Its cost is that of the function itself.
  let nonlinearity: Nonlinearity?

  init(_ shape: ProductShape, _ operands: [FloatView]) {
    (rows, depth, columns) = (shape.rows, shape.depth, shape.columns)
    (leftRowStride, leftDepthStride) = shape.leftStrides
    left = operands[0].checked(shape.leftSpan)
    right = operands[1].checked(shape.depth * shape.columns)
    result = operands[operands.count - 1].checked(shape.rows * shape.columns)
    hasBias = shape.hasBias
    bias = operands[shape.hasBias ? 2 : operands.count - 1].checked(shape.columns)
    if case .relu(let slope) = shape.nonlinearity {
      (self.slope, nonlinearity) = (slope, nil)
    } else {
      (slope, nonlinearity) = (1, shape.nonlinearity)
    }
  }

  @inline(__always)
  func finish(_ sum: SIMD8<Float>, _ row: Int, _ column: Int) {
    result.store(
      sum.replacing(with: sum * slope, where: sum .<= 0), row &* columns &+ column)
  }

  @inline(__always)
  func finish(_ sum: SIMD4<Float>, _ row: Int, _ column: Int) {
    result.store(
      sum.replacing(with: sum * slope, where: sum .<= 0), row &* columns &+ column)
  }

  @inline(__always)
  func finish(_ sum: Float, _ row: Int, _ column: Int) {
    result[row &* columns &+ column] = sum <= 0 ? sum * slope : sum
  }

  func finishAll() {
    guard let nonlinearity else { return }
    nonlinearity.apply(from: result, to: result, count: rows &* columns)
  }
}

extension SmallOperands {
  /// The product with a row-major right operand, depth × columns.
  fileprivate func multiplyRows() {
    var row = 0
    while row < rows {
      // A last row without a partner is computed twice.
      let second = min(row &+ 1, rows &- 1)
      var column = 0
      while column &+ 16 <= columns {
        block16(row, second, column)
        column &+= 16
      }
      while column &+ 4 <= columns {
        block4(row, second, column)
        column &+= 4
      }
      while column < columns {
        rowSingle(row, column)
        rowSingle(second, column)
        column &+= 1
      }
      row &+= 2
    }
    finishAll()
  }

  /// Computes sixteen columns of two rows.
  @inline(__always)
  private func block16(_ first: Int, _ second: Int, _ column: Int) {
    let zero = SIMD8<Float>(repeating: 0)
    var sum00 = hasBias ? bias.load8(column) : zero
    var sum01 = hasBias ? bias.load8(column &+ 8) : zero
    var (sum10, sum11) = (sum00, sum01)
    var left0 = first &* leftRowStride
    var left1 = second &* leftRowStride
    var rightPlace = column
    for _ in 0..<depth {
      let (right0, right1) = (right.load8(rightPlace), right.load8(rightPlace &+ 8))
      let (value0, value1) = (left[left0], left[left1])
      sum00 += right0 * value0
      sum01 += right1 * value0
      sum10 += right0 * value1
      sum11 += right1 * value1
      left0 &+= leftDepthStride
      left1 &+= leftDepthStride
      rightPlace &+= columns
    }
    finish(sum00, first, column)
    finish(sum01, first, column &+ 8)
    finish(sum10, second, column)
    finish(sum11, second, column &+ 8)
  }

  /// Computes four columns of two rows.
  @inline(__always)
  private func block4(_ first: Int, _ second: Int, _ column: Int) {
    var sum0 = hasBias ? bias.load4(column) : SIMD4<Float>(repeating: 0)
    var sum1 = sum0
    var left0 = first &* leftRowStride
    var left1 = second &* leftRowStride
    var rightPlace = column
    for _ in 0..<depth {
      let vector = right.load4(rightPlace)
      sum0 += vector * left[left0]
      sum1 += vector * left[left1]
      left0 &+= leftDepthStride
      left1 &+= leftDepthStride
      rightPlace &+= columns
    }
    finish(sum0, first, column)
    finish(sum1, second, column)
  }

  @inline(__always)
  private func rowSingle(_ row: Int, _ column: Int) {
    var sum: Float = hasBias ? bias[column] : 0
    var leftPlace = row &* leftRowStride
    var rightPlace = column
    for _ in 0..<depth {
      sum += left[leftPlace] * right[rightPlace]
      leftPlace &+= leftDepthStride
      rightPlace &+= columns
    }
    finish(sum, row, column)
  }
}

extension SmallOperands {
  /// The product with a row-major left operand, rows × depth, and a transposed right one, columns ×
  /// depth.
  fileprivate func multiplyDots() {
    for row in 0..<rows {
      var column = 0
      while column &+ 2 <= columns {
        dotPair(row, column)
        column &+= 2
      }
      if column < columns { dotSingle(row, column) }
    }
    finishAll()
  }

  /// Computes two columns of one row.
  @inline(__always)
  private func dotPair(_ row: Int, _ column: Int) {
    let start = row &* leftRowStride
    let (start0, start1) = (column &* depth, (column &+ 1) &* depth)
    var sums0 = SIMD8<Float>(repeating: 0)
    var sums1 = SIMD8<Float>(repeating: 0)
    var index = 0
    while index &+ 8 <= depth {
      let vector = left.load8(start &+ index)
      sums0 += vector * right.load8(start0 &+ index)
      sums1 += vector * right.load8(start1 &+ index)
      index &+= 8
    }
    var (sum0, sum1) = (sums0.sum(), sums1.sum())
    while index < depth {
      sum0 += left[start &+ index] * right[start0 &+ index]
      sum1 += left[start &+ index] * right[start1 &+ index]
      index &+= 1
    }
    finish(hasBias ? sum0 + bias[column] : sum0, row, column)
    finish(hasBias ? sum1 + bias[column &+ 1] : sum1, row, column &+ 1)
  }

  @inline(__always)
  private func dotSingle(_ row: Int, _ column: Int) {
    let start = row &* leftRowStride
    let rightStart = column &* depth
    var sums = SIMD8<Float>(repeating: 0)
    var index = 0
    while index &+ 8 <= depth {
      sums += left.load8(start &+ index) * right.load8(rightStart &+ index)
      index &+= 8
    }
    var sum = sums.sum()
    while index < depth {
      sum += left[start &+ index] * right[rightStart &+ index]
      index &+= 1
    }
    finish(hasBias ? sum + bias[column] : sum, row, column)
  }
}
