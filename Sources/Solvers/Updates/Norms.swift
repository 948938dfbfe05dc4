internal import Kernels
internal import Plans

/// ‖w‖ and ‖u‖ of a whole parameter, where u is the direction in which a rule moves the weights w.
///
/// Every tile writes two sums of squares. The pass over the parameter adds them in the order of the
/// tiles, so that the thread count does not change the norms.
struct Norms {
  /// ‖w‖.
  let value: Double
  /// ‖u‖, or ‖g‖ for rules that use the gradient.
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

  /// Records the sums of squares of a parameter.
  ///
  /// - Parameter kernel: makes the kernel that writes the two sums of one tile.
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
