/// The sums of a loss over examples: what its value is the quotient of.
package enum LossSums {
  /// The loss itself.
  package static let total = 0
  /// The weights of the positions that count.
  package static let valid = 1
  /// All positions, those that are ignored included.
  package static let positions = 2
  package static let examples = 3

  /// How many there are.
  package static let count = 4
}

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

/// The factor of a loss's gradient: weight / divisor, the divisor being the whole batch's.
package struct LossScale: Sendable {
  private let sums: DoubleView
  private let divisor: LossDivisor
  private let weight: Double

  /// - Parameter sums: ``LossSums``, summed over the slices.
  package init(_ sums: DoubleView, _ divisor: LossDivisor, weight: Double) {
    self.sums = sums.checked(LossSums.count)
    self.divisor = divisor
    self.weight = weight
  }

  /// As the sums are when a kernel runs.
  var value: Double {
    weight
      / divisor.value(
        valid: sums[LossSums.valid], positions: sums[LossSums.positions],
        examples: sums[LossSums.examples])
  }
}

extension View where Element == Double {
  /// Sets the sums of a loss.
  func setLoss(_ total: Double, valid: Double, positions: Int, examples: Int) {
    self[LossSums.total] = total
    self[LossSums.valid] = valid
    self[LossSums.positions] = Double(positions)
    self[LossSums.examples] = Double(examples)
  }
}
