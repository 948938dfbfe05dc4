/// The number by which a loss is divided.
package enum LossDivisor: Sendable {
  /// The sum of the weights of the positions that count.
  case valid
  /// The number of all positions.
  case positions
  case examples
  /// No division.
  case one

  /// Returns the divisor. It is 1 if nothing counts, so that an empty loss is 0.
  @inline(__always)
  package func value(valid: Double, positions: Double, examples: Double) -> Double {
    let value =
      switch self {
      case .valid: valid
      case .positions: positions
      case .examples: examples
      case .one: 1.0
      }
    return value > 0 ? value : 1
  }

  /// Returns the loss, the quotient of the total and the divisor.
  package func loss(of sums: [Double]) -> Double {
    sums[LossSums.total]
      / value(
        valid: sums[LossSums.valid], positions: sums[LossSums.positions],
        examples: sums[LossSums.examples])
  }
}
