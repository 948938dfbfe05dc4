package import Kernels
package import Tensors

/// Which elements a layer keeps in a training step: each with probability 1 − ratio, and then divided by it, so that
/// the expected value stays.
///
/// The mask is a pure function of the stream, the step and the element's row-major index in the batch. Backward draws it
/// again, and nothing is stored. Element i is dropped where word i mod 4 of block ⌊i / 4⌋ is below ratio·2³².
///
/// Reference: N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, "Dropout: a simple way to
/// prevent neural networks from overfitting", 2014; Philox: see ``Tensors/Philox``.
package struct KeepMask: Sendable {
  private let stream: RandomStream
  private let step: View<Int>
  /// The least word that keeps an element.
  private let least: UInt32
  private let scale: Float

  /// - Parameters:
  ///   - step: holds the number of the step when a kernel runs.
  ///   - ratio: from 0 to below 1.
  package init(_ stream: RandomStream, step: View<Int>, ratio: Double) {
    self.stream = stream
    self.step = step.checked(1)
    least = UInt32(min((ratio * 0x1p32).rounded(.up), Double(UInt32.max)))
    scale = Float(1 / (1 - ratio))
  }

  /// The mask of the step that runs.
  @inline(__always)
  var current: RandomStream { stream.step(step[0]) }

  /// Four elements of a block, kept and scaled, or 0.
  @inline(__always)
  func apply(_ block: SIMD4<UInt32>, to values: SIMD4<Float>) -> SIMD4<Float> {
    (values * scale).replacing(
      with: SIMD4(repeating: 0), where: block .< SIMD4(repeating: least))
  }
}
