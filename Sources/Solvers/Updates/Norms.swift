internal import Kernels
internal import Plans

/// ‖w‖ and ‖u‖ of a whole parameter: the weights, and the direction in which a rule moves them.
///
/// Every tile has two places for its sums of squares; the pass over the parameter adds them in the order of the tiles.
struct Norms {
  let value: Double
  let direction: Double

  init(_ squares: DoubleView) {
    var (value, direction) = (0.0, 0.0)
    for tile in 0..<squares.count / 2 {
      value += squares[2 * tile]
      direction += squares[2 * tile + 1]
    }
    self.value = value.squareRoot()
    self.direction = direction.squareRoot()
  }

  /// Records the sums of a parameter.
  ///
  /// - Parameter kernel: makes the sums of a tile, in two places.
  static func record(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder,
    _ kernel: @escaping @Sendable (UpdateOperands, DoubleView) -> any Kernel
  ) -> UpdatePreparation {
    let squares = plan.statistics(
      "squares of \(parameter.name)", count: 2 * parameter.tiles
    ).total
    plan.recordJoint(
      "norms", reads: [parameter.rates], writes: [squares], tiles: parameter.tiles
    ) { binding in
      let part = binding.doubles(squares)[2 * binding.tile..<2 * binding.tile + 2]
      return kernel(parameter.operands(binding, health: part), part)
    }
    return UpdatePreparation(norms: squares)
  }
}

/// Adds squares in double precision, in the order of the elements.
struct SquareSums {
  private var sums = SIMD8<Double>(repeating: 0)

  @inline(__always)
  mutating func add(_ vector: Lanes.Vector) {
    let wide = SIMD8<Double>(vector)
    sums += wide * wide
  }

  var total: Double { sums.sum() }
}
