internal import Functions
internal import Kernels

/// The probabilities of a position, for losses that are functions of log p.
struct PositionProbabilities {
  fileprivate let x: FloatView
  fileprivate let first: Int
  fileprivate let stride: Int
  fileprivate let greatest: Double
  /// log Σ_j e^(x_j − max x).
  fileprivate let logSum: Double

  /// −log p of class `index`.
  ///
  /// The logarithm of the sum instead of p keeps large losses exact: a loss of 10⁴ is 10⁴.
  @inline(__always)
  func negativeLogarithm(_ index: Int) -> Double {
    greatest - Double(x[first &+ index &* stride]) + logSum
  }
}

extension ClassLabels {
  /// Sums a loss over all positions, in order, in double precision.
  ///
  /// The compiler inlines the walk and both closures, so that each loss has its own loop.
  ///
  /// - Parameters:
  ///   - prepare: computes values of a position from the place of its first score and the inner
  ///     index. It also runs at positions that do not count.
  ///   - addLoss: adds the loss of a position with the class `index` to the total. It returns the
  ///     weight of the position.
  @inline(__always)
  private func sumLoss<Values>(
    to sums: DoubleView, prepare: (_ first: Int, _ inner: Int) -> Values,
    _ addLoss: (_ values: Values, _ first: Int, _ position: Int, _ index: Int, inout Double) ->
      Double
  ) {
    var (total, valid) = (0.0, 0.0)
    let perExample = Swift.max(1, positions / Swift.max(1, examples))
    forEachPosition { first, position, inner in
      let values = prepare(first, inner)
      switch meaning(position) {
      case .ignored: break
      case .wrong: total = .nan
      case .index(let index):
        guard weights.areGiven else {
          valid += addLoss(values, first, position, index, &total)
          return
        }
        let weight = weights[position / perExample]
        var own = 0.0
        valid += weight * addLoss(values, first, position, index, &own)
        total += weight * own
      }
    }
    sums.setLoss(total, valid: valid, positions: positions, examples: examples, weights)
  }

  /// Sums a loss of the scores or probabilities. Each position counts with the weight 1.
  @inline(__always)
  func sumLoss(
    to sums: DoubleView, _ addLoss: (_ first: Int, _ index: Int, _ total: inout Double) -> Void
  ) {
    sumLoss(to: sums) { _, _ in
    } _: { _, first, _, index, total in
      addLoss(first, index, &total)
      return 1
    }
  }

  /// Writes p = softmax x at all positions, and sums a loss of −log p.
  ///
  /// - Parameter addLoss: adds the loss of a position with the class `index` to the total. It
  ///   returns the weight of the position.
  @inline(__always)
  func sumSoftmaxLoss(
    of x: FloatView, probabilities p: FloatView, to sums: DoubleView,
    _ addLoss: (
      _ softmax: PositionProbabilities, _ position: Int, _ index: Int, _ total: inout Double
    ) -> Double
  ) {
    var softmax = PositionSoftmax(of: x, to: p, extent)
    sumLoss(to: sums) { first, inner in
      softmax.values(first: first, inner: inner)
    } _: { values, first, position, index, total in
      let probabilities = PositionProbabilities(
        x: x, first: first, stride: stride, greatest: Double(values.greatest),
        logSum: logarithm(Double(values.sum)))
      return addLoss(probabilities, position, index, &total)
    }
  }

  /// Calls `write` for each position with a class, and sets the gradient of the others to 0.
  @inline(__always)
  func writeGradient(
    to dx: FloatView, _ write: (_ first: Int, _ position: Int, _ index: Int) -> Void
  ) {
    forEachPosition { first, position, _ in
      guard case .index(let index) = meaning(position) else {
        for other in 0..<extent.axis { dx[first &+ other &* stride] = 0 }
        return
      }
      write(first, position, index)
    }
  }
}

extension ClassProbabilities {
  /// Writes p = softmax x at all positions, and sums a loss of −log p. Each position counts with the
  /// weight 1.
  ///
  /// - Parameter loss: returns the loss of a position from the place of its first score.
  @inline(__always)
  func sumSoftmaxLoss(
    of x: FloatView, probabilities p: FloatView, to sums: DoubleView,
    _ loss: (_ softmax: PositionProbabilities, _ first: Int) -> Double
  ) {
    let positions = extent.outer * extent.inner
    let perExample = Swift.max(1, positions / Swift.max(1, examples))
    var (total, valid) = (0.0, 0.0)
    var softmax = PositionSoftmax(of: x, to: p, extent)
    forEachPosition { first, position, inner in
      let values = softmax.values(first: first, inner: inner)
      let probabilities = PositionProbabilities(
        x: x, first: first, stride: extent.inner, greatest: Double(values.greatest),
        logSum: logarithm(Double(values.sum)))
      let weight = weights.areGiven ? weights[position / perExample] : 1
      total += weight * loss(probabilities, first)
      valid += weight
    }
    sums.setLoss(total, valid: valid, positions: positions, examples: examples, weights)
  }
}
