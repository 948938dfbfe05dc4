/// A product of small matrices in SIMD loops, without a call to oneDNN.
///
/// Where the right operand is row-major, sixteen columns of two rows are summed side by side over the depth; where it
/// is column-major, one row meets two columns in dot products. The order of every sum depends on the shape alone.
struct SmallProduct: ProductImplementation {
  let shape: ProductShape

  var name: String { "swift:small" }
  var scratchCount: Int { 0 }

  func kernel(_ operands: ProductOperands, scratch: FloatView?) -> any Kernel {
    let (leftRow, leftDepth) = shape.leftStrides
    let kernel = SmallProductKernel(
      rows: shape.rows, depth: shape.depth, columns: shape.columns,
      leftRowStride: leftRow, leftDepthStride: leftDepth,
      left: operands.left.checked(shape.leftSpan),
      right: operands.right.checked(shape.depth * shape.columns),
      bias: shape.hasBias ? operands.bias?.checked(shape.columns) : nil,
      result: operands.result.checked(shape.rows * shape.columns),
      nonlinearity: shape.nonlinearity)
    return shape.right == .rowMajor
      ? SmallRowProduct(product: kernel) : SmallDotProduct(product: kernel)
  }
}

/// What both loops share: extents, operands, and what happens to the finished sums.
private struct SmallProductKernel: Sendable {
  let rows: Int
  let depth: Int
  let columns: Int
  let leftRowStride: Int
  let leftDepthStride: Int
  let left: FloatView
  let right: FloatView
  let bias: FloatView?
  let result: FloatView
  let nonlinearity: Nonlinearity?

  @inline(__always)
  func start<Vector: SIMD<Float>>(_ column: Int, _ type: Vector.Type) -> Vector {
    bias.map { $0.load(column, as: Vector.self) } ?? Vector(repeating: 0)
  }

  /// ReLU is applied to the sums while they are in registers.
  @inline(__always)
  func finish<Vector: SIMD<Float>>(_ sum: Vector, _ row: Int, _ column: Int) {
    var sum = sum
    if case .relu(let slope) = nonlinearity {
      sum.replace(with: sum * slope, where: sum .<= 0)
    }
    result.store(sum, row &* columns &+ column)
  }

  @inline(__always)
  func finish(_ sum: Float, _ row: Int, _ column: Int) {
    var sum = sum
    if case .relu(let slope) = nonlinearity, sum <= 0 { sum *= slope }
    result[row &* columns &+ column] = sum
  }

  /// The other functions take a second pass: their cost is the function itself.
  func finishAll() {
    guard let nonlinearity, nonlinearity == .sigmoid || nonlinearity == .tanh else { return }
    for index in 0..<rows * columns { result[index] = nonlinearity.value(result[index]) }
  }
}

/// right is depth × columns, row-major.
private struct SmallRowProduct: Kernel {
  let product: SmallProductKernel

  func run() {
    let rows = product.rows
    var row = 0
    while row < rows {
      let pair = row + 1 < rows
      var column = 0
      while column + 16 <= product.columns {
        block(row, column, pair, SIMD16<Float>.self)
        column += 16
      }
      while column + 4 <= product.columns {
        block(row, column, pair, SIMD4<Float>.self)
        column += 4
      }
      while column < product.columns {
        single(row, column)
        if pair { single(row + 1, column) }
        column += 1
      }
      row += pair ? 2 : 1
    }
    product.finishAll()
  }

  /// One vector of columns, of one row or two.
  @inline(__always)
  private func block<Vector: SIMD<Float>>(
    _ row: Int, _ column: Int, _ pair: Bool, _ type: Vector.Type
  ) {
    let first = product.start(column, Vector.self)
    var left = row &* product.leftRowStride
    var right = column
    if pair {
      var (sum0, sum1) = (first, first)
      for _ in 0..<product.depth {
        let vector = product.right.load(right, as: Vector.self)
        sum0 += product.left[left] * vector
        sum1 += product.left[left &+ product.leftRowStride] * vector
        left &+= product.leftDepthStride
        right &+= product.columns
      }
      product.finish(sum0, row, column)
      product.finish(sum1, row &+ 1, column)
    } else {
      var sum = first
      for _ in 0..<product.depth {
        sum += product.left[left] * product.right.load(right, as: Vector.self)
        left &+= product.leftDepthStride
        right &+= product.columns
      }
      product.finish(sum, row, column)
    }
  }

  @inline(__always)
  private func single(_ row: Int, _ column: Int) {
    var sum = product.bias?[column] ?? 0
    for index in 0..<product.depth {
      sum +=
        product.left[row &* product.leftRowStride &+ index &* product.leftDepthStride]
        * product.right[index &* product.columns &+ column]
    }
    product.finish(sum, row, column)
  }
}

/// right is columns × depth, row-major; left is rows × depth, row-major.
private struct SmallDotProduct: Kernel {
  let product: SmallProductKernel

  func run() {
    for row in 0..<product.rows {
      var column = 0
      while column + 2 <= product.columns {
        pair(row, column)
        column += 2
      }
      if column < product.columns { single(row, column) }
    }
    product.finishAll()
  }

  @inline(__always)
  private func pair(_ row: Int, _ column: Int) {
    let (depth, left) = (product.depth, row &* product.leftRowStride)
    let (right0, right1) = (column &* depth, (column &+ 1) &* depth)
    var sums0 = SIMD8<Float>(repeating: 0)
    var sums1 = SIMD8<Float>(repeating: 0)
    var index = 0
    while index + 8 <= depth {
      let vector = product.left.load(left &+ index, as: SIMD8<Float>.self)
      sums0 += vector * product.right.load(right0 &+ index, as: SIMD8<Float>.self)
      sums1 += vector * product.right.load(right1 &+ index, as: SIMD8<Float>.self)
      index &+= 8
    }
    var (sum0, sum1) = (sums0.sum(), sums1.sum())
    while index < depth {
      sum0 += product.left[left &+ index] * product.right[right0 &+ index]
      sum1 += product.left[left &+ index] * product.right[right1 &+ index]
      index &+= 1
    }
    product.finish(sum0 + (product.bias?[column] ?? 0), row, column)
    product.finish(sum1 + (product.bias?[column &+ 1] ?? 0), row, column &+ 1)
  }

  @inline(__always)
  private func single(_ row: Int, _ column: Int) {
    let (depth, left) = (product.depth, row &* product.leftRowStride)
    let right = column &* depth
    var sums = SIMD8<Float>(repeating: 0)
    var index = 0
    while index + 8 <= depth {
      sums +=
        product.left.load(left &+ index, as: SIMD8<Float>.self)
        * product.right.load(right &+ index, as: SIMD8<Float>.self)
      index &+= 8
    }
    var sum = sums.sum()
    while index < depth {
      sum += product.left[left &+ index] * product.right[right &+ index]
      index &+= 1
    }
    product.finish(sum + (product.bias?[column] ?? 0), row, column)
  }
}
