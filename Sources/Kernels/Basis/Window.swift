internal import COneDNN

/// A window that moves over the spatial axes of an image tensor.
package struct Window: Sendable, Hashable {
  /// One spatial axis.
  package struct Axis: Sendable, Hashable {
    /// Extents before and after.
    package var input: Int
    package var output: Int
    /// Elements of the window.
    package var kernel: Int
    /// From one window to the next.
    package var stride: Int
    /// From one element of the window to the next; 1: no gap.
    package var dilation: Int
    /// Elements of padding before the first; at least as many are thought of after the last as windows need.
    package var padding: Int

    package init(input: Int, output: Int, kernel: Int, stride: Int, dilation: Int, padding: Int) {
      self.input = input
      self.output = output
      self.kernel = kernel
      self.stride = stride
      self.dilation = dilation
      self.padding = padding
    }

    /// Elements from the first to the last of the window.
    package var reach: Int { (kernel - 1) * dilation + 1 }

    /// Padding after the last element: the stated one, or as much as the last window reaches beyond.
    package var highPadding: Int {
      max(padding, (output - 1) * stride + reach - input - padding)
    }
  }

  package var axes: [Axis]

  package init(_ axes: [Axis]) { self.axes = axes }

  package var input: [Int] { axes.map(\.input) }
  package var output: [Int] { axes.map(\.output) }
}

extension Window {
  /// Calls `body` with the window as oneDNN takes it.
  @unsafe
  func withWindow<Result>(_ body: (dl_window_t) -> Result) -> Result {
    // One run of memory: kernel, stride, dilation, low and high padding, one after the other.
    let numbers: [dnnl_dim_t] =
      axes.map { dnnl_dim_t($0.kernel) } + axes.map { dnnl_dim_t($0.stride) }
      + axes.map { dnnl_dim_t($0.dilation - 1) } + axes.map { dnnl_dim_t($0.padding) }
      + axes.map { dnnl_dim_t($0.highPadding) }
    return unsafe numbers.withUnsafeBufferPointer { buffer in
      let (base, count) = (buffer.baseAddress, axes.count)
      return unsafe body(
        dl_window_t(
          axes: Int32(count), kernel: base, stride: base.map { unsafe $0 + count },
          dilation: base.map { unsafe $0 + 2 * count },
          low_padding: base.map { unsafe $0 + 3 * count },
          high_padding: base.map { unsafe $0 + 4 * count }))
    }
  }
}
