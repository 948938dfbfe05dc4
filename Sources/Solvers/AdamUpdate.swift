internal import Fields
internal import Kernels

/// w ← w − r·m̂ / (√v̂ + ε), for one tile.
///
/// ``AdamW`` and the biases of ``Muon`` use the same kernel with decoupled decay.
struct AdamUpdate: Kernel {
  let operands: UpdateOperands
  let moments: Moments
  let delta: Float
  /// True when weight decay changes the weights directly and leaves the gradient unchanged.
  var isDecoupled = false

  func run() {
    if isDecoupled { update(isDecoupled: true) } else { update(isDecoupled: false) }
  }

  @inline(__always)
  private func update(isDecoupled: Bool) {
    let step = Float(operands.rate * operands.correction(0))
    let (root, delta) = (Float(operands.correction(1)), delta)
    operands.forEachVector(isDecoupled: isDecoupled) { value, gradient, index in
      let (mean, square) = moments.take(gradient, index)
      value -= step * mean / (square.squareRoots * root + delta)
    }
  }
}
