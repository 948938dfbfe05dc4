package import Kernels
package import Plans

/// One parameter as its update is recorded: where it lies, and what is its own.
package struct UpdateParameter: Sendable {
  package let name: String
  /// With the zeros up to the next parameter; so the gradient and the states.
  package let value: FloatView
  package let gradient: FloatView
  package let states: [FloatView]
  /// Whether it is a matrix or a kernel; a kernel [out, in, …] is the matrix [out, the rest].
  package let isMatrix: Bool
  /// Of that matrix as files hold it.
  package let rows: Int
  package let columns: Int
  package let order: ProductShape.Order
  package let rates: Slot
  package let rateMultiplier: Double
  package let decayMultiplier: Double
  package let decay: Decay
  /// How many parts workers share the update in.
  package let tiles: Int

  package init(
    name: String, value: FloatView, gradient: FloatView, states: [FloatView], isMatrix: Bool,
    rows: Int, columns: Int, order: ProductShape.Order, rates: Slot, rateMultiplier: Double,
    decayMultiplier: Double, decay: Decay, tiles: Int
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
  }

  /// Rows and columns of the matrix as it lies in memory, row by row.
  var storedExtents: (rows: Int, columns: Int) {
    order == .rowMajor ? (rows, columns) : (columns, rows)
  }

  /// The operands of the tile that `binding` is about.
  ///
  /// - Parameter health: one element, for the tile alone; a kernel that moves nothing leaves it as it is.
  package func operands(
    _ binding: Binding, health: DoubleView, _ preparation: UpdatePreparation = UpdatePreparation()
  ) -> UpdateOperands {
    let range = binding.updateRange(of: value.count)
    return UpdateOperands(
      value: value[range], gradient: gradient[range], states: states.map { $0[range] },
      rates: binding.doubles(rates), rateMultiplier: rateMultiplier,
      decayMultiplier: decayMultiplier, decay: decay, health: health,
      norms: preparation.norms.map(binding.doubles),
      direction: preparation.direction.map { binding.floats($0)[range] }, rows: rows,
      columns: columns)
  }
}

/// What a rule has recorded of a whole parameter for the pass over its tiles.
package struct UpdatePreparation: Sendable {
  /// See ``Norms``.
  package var norms: Slot?
  /// As large as the parameter with its padding.
  package var direction: Slot?

  package init(norms: Slot? = nil, direction: Slot? = nil) {
    self.norms = norms
    self.direction = direction
  }

  package var slots: [Slot] { [norms, direction].compactMap { $0 } }
}

extension Binding {
  /// The binding's part of `count` elements: whole vectors of an update, the last tile taking what is left.
  package func updateRange(of count: Int) -> Range<Int> {
    let width = count / tiles / UpdateOperands.width * UpdateOperands.width
    return tile * width..<(tile == tiles - 1 ? count : (tile + 1) * width)
  }
}
