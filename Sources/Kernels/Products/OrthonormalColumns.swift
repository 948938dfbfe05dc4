package import Tensors

/// Q = H₁·H₂·…·H_n·E·D, a matrix of n orthonormal columns, equally likely to be any
///
/// H_k = I − 2·v_k·v_kᵀ turns axis k to a random direction among the axes from k on; E has the first n columns of the
/// identity, D signs. That is the Q of a QR decomposition of normal numbers with a positive diagonal, without the
/// decomposition: what a step of it leaves of the later columns are normal numbers again.
///
/// A block of mirrors is applied as I − V·T·Vᵀ, so that nearly all of the work is in matrix products: about 4·n²·length
/// multiplications in single precision. Each v is of length 1 and T made of its rounded numbers, in double precision, so
/// that the rounding of the products alone is left.
///
/// References: G. W. Stewart, "The efficient generation of random orthogonal matrices with an application to condition
/// estimators", 1980; the blocks: R. Schreiber, C. Van Loan, "A storage-efficient WY representation for products of
/// Householder transformations", 1989.
package struct OrthonormalColumns {
  /// Mirrors that are applied at once.
  private static let blockSize = 64

  private let count: Int
  private let length: Int
  /// Row k is v_k, with k zeros before it.
  private let mirrors: FloatStorage
  private let columns: FloatStorage
  /// What a block takes away from the columns.
  private let change: FloatStorage

  /// The matrix, row-major, length × count.
  ///
  /// - Parameter count: at least 1, at most `length`.
  /// - Throws: ``KernelError`` if the memory is not there or oneDNN refuses a product.
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
    precondition(count >= 1 && count <= length, "more orthonormal columns than axes")
    guard let mirrors = FloatStorage(count: count * length),
      let columns = FloatStorage(count: count * length),
      let change = FloatStorage(count: count * length)
    else { throw KernelError("no memory for \(count) orthonormal columns of \(length)") }
    (self.mirrors, self.columns, self.change) = (mirrors, columns, change)
    (self.count, self.length) = (count, length)
  }

  /// The mirrors, and E·D.
  private func draw(_ random: RandomStream) {
    let (mirrors, columns) = (FloatView(mirrors), FloatView(columns))
    for mirror in 0..<count {
      var numbers = (mirror..<length).map { random.normal(at: mirror * length + $0) }
      let size = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let isNegative = numbers[0] < 0
      // Away from 0, so that nothing cancels.
      numbers[0] += isNegative ? -size : size
      let norm = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for (place, number) in numbers.enumerated() where norm > 0 {
        mirrors[mirror * length + mirror + place] = Float(number / norm)
      }
      columns[mirror * count + mirror] = isNegative ? 1 : -1
    }
  }

  /// Applies the mirrors of a block to the columns, whose rows before the block they leave alone.
  private func apply(_ block: Range<Int>) throws(KernelError) {
    let (start, width) = (block.lowerBound, block.count)
    let rows = length - start
    let mirrors = FloatView(mirrors, start * length + start..<block.upperBound * length)
    let rest = FloatView(columns, start * count..<length * count)
    let change = FloatView(change, 0..<rows * count)
    guard let factor = FloatStorage(count: width * width),
      let shares = FloatStorage(count: width * count),
      let turned = FloatStorage(count: width * count)
    else { throw KernelError("no memory for \(width) mirrors of \(rows) axes") }
    // Views do not hold their memory.
    defer { withExtendedLifetime((factor, shares, turned)) {} }
    fill(FloatView(factor), block)
    let shapes = [
      ProductShape(rows: width, depth: rows, columns: count, leftPitch: length),
      ProductShape(rows: width, depth: width, columns: count),
      ProductShape(rows: rows, depth: width, columns: count, left: .columnMajor, leftPitch: length),
    ]
    let operands = [
      (mirrors, rest, FloatView(shares)),
      (FloatView(factor), FloatView(shares), FloatView(turned)),
      (mirrors, FloatView(turned), change),
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

  /// T, upper triangular: T_jj = 2/v_jᵀv_j, and above it −T_jj·T·Vᵀv_j.
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

  /// vᵀw of two mirrors, of which the second begins later.
  private func dot(_ first: Int, _ second: Int) -> Double {
    let mirrors = FloatView(mirrors)
    var sums = SIMD4<Double>(repeating: 0)
    var index = second
    while index + 4 <= length {
      let left = SIMD4<Double>(mirrors.load4(first * length + index))
      sums += left * SIMD4<Double>(mirrors.load4(second * length + index))
      index += 4
    }
    var sum = sums.sum()
    while index < length {
      sum += Double(mirrors[first * length + index]) * Double(mirrors[second * length + index])
      index += 1
    }
    return sum
  }
}
