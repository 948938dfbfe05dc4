/// A window that moves over the spatial axes of an image tensor.
package struct Window: Sendable, Hashable {
  /// The window along one spatial axis.
  package struct Axis: Sendable, Hashable {
    /// The extents of the input and of the output.
    package var input: Int
    package var output: Int
    /// The elements of the window.
    package var kernel: Int
    /// The distance between successive windows.
    package var stride: Int
    /// The distance between successive elements of the window. 1 leaves no gap.
    package var dilation: Int
    /// The padding before the first element.
    ///
    /// After the last element the padding is at least as large, and as large as the last window
    /// needs.
    package var padding: Int

    package init(input: Int, output: Int, kernel: Int, stride: Int, dilation: Int, padding: Int) {
      self.input = input
      self.output = output
      self.kernel = kernel
      self.stride = stride
      self.dilation = dilation
      self.padding = padding
    }

    /// The distance that the window covers, gaps included.
    package var reach: Int { (kernel - 1) * dilation + 1 }

    /// The padding after the last element: `padding`, or more if the last window reaches further.
    package var highPadding: Int {
      max(padding, (output - 1) * stride + reach - input - padding)
    }
  }

  package var axes: [Axis]

  package init(_ axes: [Axis]) { self.axes = axes }

  package var input: [Int] { axes.map(\.input) }
  package var output: [Int] { axes.map(\.output) }
}
