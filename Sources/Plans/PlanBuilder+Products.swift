package import Kernels

extension PlanBuilder {
  /// result[n, columns] = left[n, depth] · right[depth, columns] + bias[columns], where n counts
  /// the rows of all examples.
  ///
  /// For large weights this is a joint step: one product of the whole batch, divided into tiles of
  /// columns. Then the slices do not read the weights again and again. For small weights, each
  /// slice computes the product of its examples.
  package mutating func product(
    _ left: Slot, _ right: Slot, order: ProductShape.Order, rowsPerExample: Int = 1, depth: Int,
    columns: Int, bias: Slot? = nil, to result: Slot
  ) {
    // If an example has several rows, they share each read of the weights.
    let readsMuch = rowsPerExample == 1
    let shape = ProductShape(
      rows: rowsPerExample, depth: depth, columns: columns, right: order,
      isRightConstant: readsMuch && hasConstantParameters && slots[right.index].isExternal,
      hasBias: bias != nil)
    let isJoint =
      readsMuch && sliceCount > 1 && !hasConstantParameters
      && depth * columns >= PlanBuilder.jointProductCount
    let tiles = max(1, min(sliceCount, columns / PlanBuilder.tileColumns))
    append(
      "product", [left, right] + (bias.map { [$0] } ?? []), result,
      BatchProduct(shape, examples: .rows), isJoint ? .joint(tiles: tiles) : .slice)
  }

  /// result[rows, columns] = left[n, rows]ᵀ · right[n, columns], summed over the rows of all
  /// examples of the batch.
  ///
  /// For a large result this is a joint step: one product over the whole batch, divided into tiles
  /// of rows. This avoids a copy of the result for each slice. For a small result, each slice
  /// computes its part, and the parts are added in order.
  package mutating func gradientProduct(
    _ left: Slot, _ right: Slot, rowsPerExample: Int = 1, rows: Int, columns: Int, to result: Slot
  ) {
    let product = BatchProduct(
      ProductShape(rows: rows, depth: rowsPerExample, columns: columns, left: .columnMajor),
      examples: .depth)
    // If an example has several rows, a copy costs little compared with the product.
    guard sliceCount > 1, rowsPerExample == 1, rows * columns >= PlanBuilder.jointGradientCount
    else {
      sumOverSlices(result) { builder, part in
        builder.append("gradient", [left, right], part, product, .slice)
      }
      return
    }
    let tiles = PlanBuilder.tiles(
      multiplications: Double(rows) * Double(columns) * Double(batchSize), rows: rows)
    append("gradient", [left, right], result, product, .joint(tiles: tiles), role: .deferredSum)
  }

  /// result = left · right, for matrices without an axis of examples.
  ///
  /// This is a step of a solver, divided into tiles of the result's rows.
  package mutating func matrixProduct(
    _ left: Slot, _ right: Slot, _ shape: ProductShape, to result: Slot
  ) {
    let tiles = PlanBuilder.tiles(
      multiplications: Double(shape.rows) * Double(shape.depth) * Double(shape.columns),
      rows: shape.rows)
    append(
      "product", [left, right], result, BatchProduct(shape, examples: .none), .joint(tiles: tiles))
  }

  private mutating func append(
    _ name: String, _ reads: [Slot], _ result: Slot, _ product: BatchProduct,
    _ scope: Operation.Scope, role: Operation.Role? = nil
  ) {
    append(
      name, reads, [result], scope,
      .primitive(PrimitiveRequest(product, operands: reads + [result])), role: role)
  }

  // MARK: Rules

  /// The smallest number of elements for which a weight gradient is a joint step (with several
  /// slices).
  private static let jointGradientCount = 16_384

  /// The smallest size of the right operand for which the product of all examples is a joint step
  /// (with several slices).
  private static let jointProductCount = 131_072

  /// The smallest number of columns in a tile of such a product.
  private static let tileColumns = 128

  /// The number of tiles: one for every twelve million multiplications (about 130 µs of one core),
  /// at most sixteen.
  ///
  /// A tile has at least sixteen rows. Smaller tiles do not share the work better.
  private static func tiles(multiplications: Double, rows: Int) -> Int {
    let wanted = Int(min(16, max(1, (multiplications / 12e6).rounded())))
    return max(1, min(wanted, rows / 16))
  }
}
