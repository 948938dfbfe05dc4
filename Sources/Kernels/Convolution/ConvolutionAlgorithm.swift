internal import Tensors

extension ConvolutionShape {
  /// How a convolution and its gradients are computed.
  package enum Algorithm: String, Sendable, Hashable, CaseIterable {
    /// One chain of multiply-adds for each result.
    case direct
    /// Minimal filtering: fewer multiplications, with greater rounding errors.
    case winograd
  }

  /// True if minimal filtering can compute the convolution: windows of 3×3 or 5×5 elements in one
  /// group, with stride 1, without gaps, and with less padding than the window has elements.
  package var canUseWinograd: Bool {
    let axes = window.axes
    return axes.count == 2 && groups == 1 && (axes[0].kernel == 3 || axes[0].kernel == 5)
      && axes.allSatisfy {
        $0.kernel == axes[0].kernel && $0.stride == 1 && $0.dilation == 1
          && $0.padding < $0.kernel
      }
  }

  /// True if minimal filtering computes the convolution.
  ///
  /// Unless ``algorithm`` decides, it does with at least 16 channels on both sides, if it saves a
  /// third of the multiplications. The batch does not count, so that a part of it has the same bits.
  package var usesWinograd: Bool {
    if let algorithm { return algorithm == .winograd }
    guard canUseWinograd, min(inputChannels, outputChannels) >= ConvolutionShape.leastChannels
    else { return false }
    let targets = direction == .backwardData ? window.input : window.output
    // The multiplications for one pair of channels: without padding, and with whole patches.
    let direct = window.axes.reduce(1) { $0 * $1.tapsInside }
    let filtered = zip(window.axes, targets).reduce(1) { count, axis in
      count * MinimalFiltering.extent
        * MinimalFiltering.patches(covering: axis.1, taps: axis.0.kernel)
    }
    return 2 * direct >= 3 * filtered
  }

  /// With fewer channels the transforms take longer than the products.
  private static let leastChannels = 16
}

extension Window.Axis {
  /// The number of pairs of an output and an element of its window that is not padding.
  fileprivate var tapsInside: Int {
    (0..<kernel).reduce(0) { count, tap in
      let start = tap * dilation - padding
      return count + max(0, min(output, input - start) - max(0, -start))
    }
  }
}
