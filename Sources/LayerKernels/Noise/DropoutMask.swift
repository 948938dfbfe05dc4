internal import CVectors
package import Kernels
package import Tensors

/// Keeps each element of a tensor with probability 1 − ratio, and divides it by this probability.
///
/// The division keeps the expected value. The mask is a pure function of the stream, the step and
/// the element's row-major index in the batch. Backward draws the same mask again, so that no
/// memory holds it. The mask drops element i if word i mod 4 of block ⌊i / 4⌋ is below ratio·2³².
///
/// Reference: N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, "Dropout: a
/// simple way to prevent neural networks from overfitting", 2014. For Philox, see
/// ``Tensors/Philox``.
package struct DropoutMask: Sendable {
  private let stream: RandomStream
  private let step: View<Int>
  /// The least word that keeps an element.
  private let least: UInt32
  private let scale: Float

  /// Makes a mask.
  ///
  /// - Parameters:
  ///   - step: memory that holds the number of the step when a kernel runs.
  ///   - ratio: the probability of a drop, from 0 to below 1.
  package init(_ stream: RandomStream, step: View<Int>, ratio: Double) {
    self.stream = stream
    self.step = step.checked(1)
    least = UInt32(min((ratio * 0x1p32).rounded(.up), Double(UInt32.max)))
    scale = Float(1 / (1 - ratio))
  }

  /// The random numbers of the current step.
  @inline(__always)
  var current: RandomStream { stream.step(step[0]) }

  /// Scales the elements that the sixteen words keep, and sets the others to 0.
  @inline(__always)
  func apply(_ words: SIMD16<UInt32>, to values: SIMD16<Float>) -> SIMD16<Float> {
    dl_kept(values * scale, words, least)
  }

  /// Scales the elements that the four words keep, and sets the others to 0.
  @inline(__always)
  func apply(_ block: SIMD4<UInt32>, to values: SIMD4<Float>) -> SIMD4<Float> {
    (values * scale).replacing(
      with: SIMD4(repeating: 0), where: block .< SIMD4(repeating: least))
  }
}
