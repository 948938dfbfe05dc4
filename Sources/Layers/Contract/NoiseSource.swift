package import Kernels
package import Tensors

/// What a layer draws random numbers from, in the training phase.
package struct NoiseSource: Sendable {
  private let seed: Int
  private let layer: String
  /// The layer's own; `stream.step(step[0])` are those of the step that runs.
  package let stream: RandomStream
  /// The number of the batch, set before each run of the plan.
  package let step: View<Int>

  package init(seed: Int, layer: String, step: View<Int>) {
    (self.seed, self.layer) = (seed, layer)
    stream = RandomStream(seed: seed, purpose: .noise(layer: layer))
    self.step = step
  }

  /// The source of a layer inside the layer.
  func part(_ name: String) -> NoiseSource {
    NoiseSource(seed: seed, layer: "\(layer)/\(name)", step: step)
  }
}
