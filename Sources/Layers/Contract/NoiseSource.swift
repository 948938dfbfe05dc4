package import Kernels
package import Tensors

/// The random numbers that a layer draws in the training phase.
///
/// Each number is a pure function of the seed, the layer's name, the step and an index. Therefore a
/// resumed training and any division into slices draw the same numbers.
package struct NoiseSource: Sendable {
  /// The seed of the run.
  private let seed: Int
  /// The name of the layer.
  private let layer: String
  /// The layer's stream. `stream.step(step[0])` gives the numbers of the current step.
  package let stream: RandomStream
  /// The number of the batch. The caller sets it before each run of the plan.
  package let step: View<Int>

  package init(seed: Int, layer: String, step: View<Int>) {
    (self.seed, self.layer) = (seed, layer)
    stream = RandomStream(seed: seed, purpose: .noise(layer: layer))
    self.step = step
  }

  /// Returns the source of a layer inside this layer, with a stream of its own.
  func part(_ name: String) -> NoiseSource {
    NoiseSource(seed: seed, layer: "\(layer)/\(name)", step: step)
  }
}
