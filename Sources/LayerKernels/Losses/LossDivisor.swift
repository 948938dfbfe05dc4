/// What a loss is divided by.
package enum LossDivisor: Sendable {
  /// The weights of the positions that count.
  case valid
  /// All positions.
  case positions
  case examples
  /// Nothing: 1.
  case one

  /// The divisor that sums tell; 1 where nothing counts, so that the loss of nothing is 0.
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

  /// The quotient that is the loss.
  package func loss(of sums: [Double]) -> Double {
    sums[LossSums.total]
      / value(
        valid: sums[LossSums.valid], positions: sums[LossSums.positions],
        examples: sums[LossSums.examples])
  }
}
