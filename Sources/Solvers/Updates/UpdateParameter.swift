package import Kernels
package import Plans

/// One parameter for which a solver records an update: its memory and its own settings.
package struct UpdateParameter: Sendable {
  package let name: String
  /// The weights with their padding. The gradient and the states have the same count.
  package let value: FloatView
  package let gradient: FloatView
  package let states: [FloatView]
  /// True for matrices and kernels. A kernel [out, in, …] is the matrix [out, all other axes].
  package let isMatrix: Bool
  /// The extents of this matrix, in the axis order of weights files.
  package let rows: Int
  package let columns: Int
  /// The storage order of the matrix in memory.
  package let order: ProductShape.Order
  /// The slot of the numbers that all parameters share; see ``UpdateRates``.
  package let rates: Slot
  /// `lr_mult`.
  package let rateMultiplier: Double
  /// `decay_mult`.
  package let decayMultiplier: Double
  /// The regularizer's coefficients, without `decay_mult`.
  package let decay: Decay
  /// The number of tiles that share the update of this parameter.
  package let tiles: Int
  /// The values of a stored row, if rows with a gradient of 0 stay as they are; see
  /// ``UpdateOperands/rowWidth``.
  package let rowWidth: Int?

  package init(
    name: String, value: FloatView, gradient: FloatView, states: [FloatView], isMatrix: Bool,
    rows: Int, columns: Int, order: ProductShape.Order, rates: Slot, rateMultiplier: Double,
    decayMultiplier: Double, decay: Decay, tiles: Int, rowWidth: Int? = nil
  ) {
    self.name = name
    self.value = value
    self.gradient = gradient
    self.states = states
    self.isMatrix = isMatrix
    self.rows = rows
    self.columns = columns
    self.order = order
    self.rates = rates
    self.rateMultiplier = rateMultiplier
    self.decayMultiplier = decayMultiplier
    self.decay = decay
    self.tiles = tiles
    self.rowWidth = rowWidth
  }

  /// The rows and columns of the matrix as it is stored, row by row.
  var storedExtents: (rows: Int, columns: Int) {
    order == .rowMajor ? (rows, columns) : (columns, rows)
  }

  /// Returns the operands of the tile that `binding` selects.
  ///
  /// - Parameters:
  ///   - health: one element for this tile. Only kernels that change weights write it.
  ///   - preparation: the slots that the rule recorded for the whole parameter.
  package func operands(
    _ binding: Binding, health: DoubleView, _ preparation: UpdatePreparation = UpdatePreparation()
  ) -> UpdateOperands {
    let range = binding.updateRange(of: value.count, rowWidth: rowWidth)
    return UpdateOperands(
      value: value[range], gradient: gradient[range], states: states.map { $0[range] },
      rates: binding.doubles(rates), rateMultiplier: rateMultiplier,
      decayMultiplier: decayMultiplier, decay: decay, health: health,
      norms: preparation.norms.map(binding.doubles),
      direction: preparation.direction.map { binding.floats($0)[range] }, rows: rows,
      columns: columns, rowWidth: rowWidth)
  }
}

extension Binding {
  /// Returns the tile's range of `count` elements. All tiles hold whole vectors, and the last tile
  /// also takes the rest.
  ///
  /// - Parameter rowWidth: the width of rows that tiles do not divide, a multiple of eight. Nil to
  ///   divide rows.
  package func updateRange(of count: Int, rowWidth: Int? = nil) -> Range<Int> {
    let unit = rowWidth.map { $0 % UpdateOperands.width == 0 ? $0 : 2 * $0 } ?? UpdateOperands.width
    let width = count / tiles / unit * unit
    return tile * width..<(tile == tiles - 1 ? count : (tile + 1) * width)
  }
}
