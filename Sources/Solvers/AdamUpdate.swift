internal import Kernels

/// w ← w − r·m̂ / (√v̂ + ε), for one tile.
///
/// ``AdamW`` and the biases of ``Muon`` use the same kernel with decoupled decay.
///
/// - Parameter isDecoupled: true when weight decay changes the weights directly and leaves the
///   gradient unchanged.
func adamUpdate(
  _ operands: UpdateOperands, _ moments: Moments, delta: Float, isDecoupled: Bool = false
) -> some Kernel {
  PreparedLoop {
    let step = Float(operands.rate * operands.correction(0))
    let root = Float(operands.correction(1))
    operands.forEachVector(isDecoupled: isDecoupled) { value, gradient, index in
      let (mean, square) = moments.take(gradient, index)
      value -= step * mean / (square.squareRoots * root + delta)
    }
  }
}
