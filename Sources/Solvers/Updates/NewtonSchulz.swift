internal import Kernels
internal import Plans
internal import Tensors

/// X ← a·X + b·(X·Xᵀ)·X + c·(X·Xᵀ)²·X, starting at X / ‖X‖
///
/// The iteration brings the singular values of a matrix close to 1 and keeps its singular vectors.
/// (a, b, c) = (3.4445, −4.7750, 2.0315) raise small singular values fastest. After five
/// iterations, all lie between about 0.7 and 1.2.
///
/// In memory X is rows × columns. When X has more rows than columns, Xᵀ·X replaces X·Xᵀ. The square
/// matrices then have the size of the shorter side. One iteration takes three products: A = X·Xᵀ,
/// A·A, and S·X with S = a·I + b·A + c·A².
///
/// References: G. Schulz, "Iterative Berechnung der reziproken Matrix", 1933; K. Jordan et al.,
/// "Muon: an optimizer for hidden layers in neural networks", 2024.
struct NewtonSchulz {
  /// The greatest number of matrices that are alive at once, each at most as large as X.
  ///
  /// These matrices are X, its successor, A, A², and the last X of the previous parameter.
  static let memoryCount = 5

  /// The lower bound of the norm, which prevents a division by 0.
  private static let leastNorm = 1e-7

  private let parameter: UpdateParameter
  private let rows: Int
  private let columns: Int
  private let current: Slot
  private let next: Slot
  private let gram: Slot
  private let square: Slot
  private let norm: Slot

  init(_ parameter: UpdateParameter, _ plan: inout PlanBuilder) {
    self.parameter = parameter
    (rows, columns) = parameter.storedExtents
    let (whole, side) = (Shape([parameter.value.count]), min(rows, columns))
    let name = parameter.name
    current = plan.sharedSlot("direction of \(name)", whole)
    next = plan.sharedSlot("next direction of \(name)", whole)
    gram = plan.sharedSlot("gram matrix of \(name)", Shape([side, side]))
    square = plan.sharedSlot("squared gram matrix of \(name)", Shape([side, side]))
    norm = plan.statistics("squares of \(name)", count: parameter.tiles).total
  }

  /// Records the first X and its division by its norm.
  ///
  /// - Parameter kernel: makes the kernel that writes one tile of X and the sum of its squares.
  func recordStart(
    _ plan: inout PlanBuilder,
    _ kernel: @escaping @Sendable (UpdateOperands, FloatView, DoubleView) -> any Kernel
  ) {
    let (parameter, current, next, norm) = (parameter, current, next, norm)
    plan.recordJoint(
      "direction", reads: [parameter.rates], writes: [current, norm], tiles: parameter.tiles
    ) { binding in
      let square = binding.doubles(norm)[binding.tile..<binding.tile + 1]
      let range = binding.updateRange(of: parameter.value.count)
      return kernel(
        parameter.operands(binding, health: square), binding.floats(current)[range], square)
    }
    let count = rows * columns
    plan.recordJoint(
      "divide by the norm", reads: [norm, current], writes: [current, next], tiles: parameter.tiles
    ) { binding in
      let range = binding.updateRange(of: parameter.value.count)
      return normalization(
        binding.floats(current)[range], squares: binding.doubles(norm),
        leastNorm: NewtonSchulz.leastNorm,
        // Products do not write the padding, which an update reads.
        padding: binding.tile == binding.tiles - 1
          ? binding.floats(next)[count..<parameter.value.count] : nil)
    }
  }

  /// Records the iterations, and returns the slot of the last X.
  func record(steps: Int, _ plan: inout PlanBuilder) -> Slot {
    let side = min(rows, columns)
    let isWide = rows <= columns
    var (from, to) = (current, next)
    for _ in 0..<steps {
      plan.matrixProduct(
        from, from,
        isWide
          ? ProductShape(rows: side, depth: columns, columns: side, right: .columnMajor)
          : ProductShape(rows: side, depth: rows, columns: side, left: .columnMajor), to: gram)
      plan.matrixProduct(
        gram, gram, ProductShape(rows: side, depth: side, columns: side), to: square)
      recordPolynomial(&plan)
      if isWide {
        plan.matrixProduct(
          square, from, ProductShape(rows: side, depth: side, columns: columns), to: to)
      } else {
        plan.matrixProduct(
          from, square, ProductShape(rows: rows, depth: side, columns: side), to: to)
      }
      swap(&from, &to)
    }
    return from
  }

  /// Records S, which replaces A² in its slot.
  private func recordPolynomial(_ plan: inout PlanBuilder) {
    let (gram, square, side) = (gram, square, min(rows, columns))
    let tiles = min(side, parameter.tiles)
    plan.recordJoint(
      "polynomial", reads: [gram, square], writes: [square], tiles: tiles
    ) { binding in
      matrixPolynomial(
        binding.floats(gram), square: binding.floats(square), side: side,
        rows: side * binding.tile / tiles..<side * (binding.tile + 1) / tiles)
    }
  }
}

/// x ← x / ‖X‖ for one tile, and zeros in the padding of the next X.
private func normalization(
  _ x: FloatView, squares: DoubleView, leastNorm: Double, padding: FloatView?
) -> some Kernel {
  PreparedLoop {
    var sum = 0.0
    for tile in 0..<squares.count { sum += squares[tile] }
    let factor = Float(1 / max(sum.squareRoot(), leastNorm))
    let lanes = Lanes(x)
    for index in stride(from: 0, to: x.count, by: Lanes.Vector.scalarCount) {
      lanes[index] = lanes[index] * factor
    }
    padding?.fill(with: 0)
  }
}

/// Some rows of S = a·I + b·A + c·A², which replace those rows of A².
private func matrixPolynomial(
  _ gram: FloatView, square: FloatView, side: Int, rows: Range<Int>
) -> some Kernel {
  PreparedLoop {
    for index in rows.lowerBound * side..<rows.upperBound * side {
      square[index] = -4.7750 * gram[index] + 2.0315 * square[index]
    }
    for row in rows { square[row * side + row] += 3.4445 }
  }
}
