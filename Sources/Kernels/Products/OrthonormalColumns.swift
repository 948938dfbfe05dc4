internal import Functions
package import Tensors

/// Q = H₁·H₂·…·H_n·E·D, a random matrix of n orthonormal columns with uniform distribution
///
/// H_k = I − 2·v_k·v_kᵀ reflects axis k to a random direction among the axes from k. E has the
/// first n columns of the identity. D has random signs. Q is the Q of a QR decomposition of normal
/// numbers with a positive diagonal. No decomposition is necessary, because each of its steps
/// leaves normal numbers in the later columns.
///
/// I − V·T·Vᵀ applies a block of reflections. Nearly all work is in matrix products with about
/// 4·n²·length multiplications in single precision. Each v has length 1. Double precision computes
/// T from the rounded v, so that only the products add rounding errors.
///
/// References: G. W. Stewart, "The efficient generation of random orthogonal matrices with an
/// application to condition estimators", 1980. For the blocks: R. Schreiber, C. Van Loan, "A
/// storage-efficient WY representation for products of Householder transformations", 1989.
package struct OrthonormalColumns {
  /// The reflections of a block.
  private static let blockSize = 64

  private let count: Int
  private let length: Int
  /// Row k is v_k, which begins with k zeros.
  private let reflections: FloatStorage
  private let columns: FloatStorage
  /// The matrix that a block subtracts from the columns.
  private let change: FloatStorage

  /// Returns the row-major matrix, length × count.
  ///
  /// - Parameter count: from 1 to `length`.
  /// - Throws: ``KernelError`` if memory is short.
  package static func make(
    count: Int, length: Int, _ random: RandomStream
  ) throws(KernelError) -> FloatStorage {
    let matrix = try OrthonormalColumns(count: count, length: length)
    matrix.draw(random)
    for start in stride(from: 0, to: count, by: blockSize).reversed() {
      try matrix.apply(start..<min(start + blockSize, count))
    }
    return matrix.columns
  }

  private init(count: Int, length: Int) throws(KernelError) {
    precondition(count >= 1 && count <= length, "a matrix has more orthonormal columns than rows")
    guard let reflections = FloatStorage(count: count * length),
      let columns = FloatStorage(count: count * length),
      let change = FloatStorage(count: count * length)
    else { throw KernelError("no memory for \(count) orthonormal columns of \(length)") }
    (self.reflections, self.columns, self.change) = (reflections, columns, change)
    (self.count, self.length) = (count, length)
  }

  /// Draws the reflections and E·D.
  private func draw(_ random: RandomStream) {
    let (reflections, columns) = (FloatView(reflections), FloatView(columns))
    for reflection in 0..<count {
      var numbers = (reflection..<length).map { random.normal(at: reflection * length + $0) }
      let size = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let isNegative = numbers[0] < 0
      // The sign moves the number away from 0 and avoids cancellation.
      numbers[0] += isNegative ? -size : size
      let norm = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for (place, number) in numbers.enumerated() where norm > 0 {
        reflections[reflection * length + reflection + place] = Float(number / norm)
      }
      columns[reflection * count + reflection] = isNegative ? 1 : -1
    }
  }

  /// Applies the reflections of a block. The rows before the block stay unchanged.
  private func apply(_ block: Range<Int>) throws(KernelError) {
    let (start, width) = (block.lowerBound, block.count)
    let rows = length - start
    let reflections = FloatView(reflections, start * length + start..<block.upperBound * length)
    let rest = FloatView(columns, start * count..<length * count)
    let change = FloatView(change, 0..<rows * count)
    guard let factor = FloatStorage(count: width * width),
      let shares = FloatStorage(count: width * count),
      let turned = FloatStorage(count: width * count)
    else { throw KernelError("no memory for \(width) reflections of \(rows) axes") }
    // Views do not keep their memory alive.
    defer { withExtendedLifetime((factor, shares, turned)) {} }
    fill(FloatView(factor), block)
    let shapes = [
      ProductShape(rows: width, depth: rows, columns: count, leftPitch: length),
      ProductShape(rows: width, depth: width, columns: count),
      ProductShape(rows: rows, depth: width, columns: count, left: .columnMajor, leftPitch: length),
    ]
    let operands = [
      (reflections, rest, FloatView(shares)),
      (FloatView(factor), FloatView(shares), FloatView(turned)),
      (reflections, FloatView(turned), change),
    ]
    for (shape, (left, right, result)) in zip(shapes, operands) {
      let product = try shape.implementation()
      let scratch = FloatStorage(count: product.scratchCount)
      try product.kernel(
        [left, right, result], scratch: scratch.map { FloatView($0) }
      ).run()
      withExtendedLifetime(scratch) {}
    }
    for index in 0..<rows * count { rest[index] -= change[index] }
  }

  /// Computes T, upper triangular: T_jj = 2/v_jᵀv_j, and −T_jj·T·Vᵀv_j above the diagonal.
  private func fill(_ factor: FloatView, _ block: Range<Int>) {
    let width = block.count
    var values = [Double](repeating: 0, count: width * width)
    for column in 0..<width {
      let products = (0...column).map { dot(block.lowerBound + $0, block.lowerBound + column) }
      let diagonal = products[column] > 0 ? 2 / products[column] : 0
      values[column * width + column] = diagonal
      for row in 0..<column {
        let sum = (row..<column).reduce(0.0) { $0 + values[row * width + $1] * products[$1] }
        values[row * width + column] = -diagonal * sum
      }
    }
    for (index, value) in values.enumerated() { factor[index] = Float(value) }
  }

  /// vᵀw of two reflections. The second begins at the same axis or later.
  private func dot(_ first: Int, _ second: Int) -> Double {
    let reflections = FloatView(reflections)
    var sums = SIMD4<Double>(repeating: 0)
    var index = second
    while index + 4 <= length {
      let left = SIMD4<Double>(reflections.load4(first * length + index))
      sums += left * SIMD4<Double>(reflections.load4(second * length + index))
      index += 4
    }
    var sum = sums.pairwiseSum
    while index < length {
      sum +=
        Double(reflections[first * length + index]) * Double(reflections[second * length + index])
      index += 1
    }
    return sum
  }
}
