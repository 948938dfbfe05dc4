internal import Kernels
internal import Plans

extension LayerPhase {
  /// Whether the layer changes anything: in training, and with a ratio or deviation that is not 0.
  func draws(_ strength: Double) -> Bool { isTraining && strength > 0 }
}

extension NoiseSource? {
  /// What a kernel draws from. There is no source where a plan is only estimated, whose kernels are never made.
  var forKernel: NoiseSource {
    guard let self else { preconditionFailure("a plan without noise is not run") }
    return self
  }

  /// The elements that a layer keeps.
  func mask(ratio: Double) -> KeepMask {
    KeepMask(forKernel.stream, step: forKernel.step, ratio: ratio)
  }
}

extension PlanBuilder {
  /// y = x.
  mutating func copy(_ x: Slot, to y: Slot) {
    record("copy", reads: [x], writes: [y]) { binding in
      let x = binding.floats(x)
      return Kernels.copy(x, to: binding.floats(y), count: x.count)
    }
  }
}
