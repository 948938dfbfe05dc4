internal import Kernels
internal import LayerKernels
internal import Plans

extension LayerPhase {
  /// True if the layer changes its input: in training, with a ratio or deviation above 0.
  func draws(_ strength: Double) -> Bool { isTraining && strength > 0 }
}

extension NoiseSource? {
  /// The source for a kernel. Only a plan that estimates memory has no source, and such a plan
  /// makes no kernels.
  var forKernel: NoiseSource {
    guard let self else { preconditionFailure("a plan without noise is not run") }
    return self
  }

  /// Returns the mask of the elements that a layer keeps.
  func mask(ratio: Double) -> DropoutMask {
    DropoutMask(forKernel.stream, step: forKernel.step, ratio: ratio)
  }
}

extension PlanBuilder {
  /// Records y = x.
  mutating func copy(_ x: Slot, to y: Slot) {
    record("copy", reads: [x], writes: [y]) { binding in
      let x = binding.floats(x)
      return Kernels.copy(x, to: binding.floats(y), count: x.count)
    }
  }
}
