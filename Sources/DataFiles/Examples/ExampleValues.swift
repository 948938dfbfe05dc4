internal import Tensors

/// The values of one tensor of an example while transforms change them.
///
/// An image has the axes [channels, height, width], in row-major order. Any other tensor has its
/// values in `width`, with one channel and one row. The memory stays allocated for the next example.
package struct ExampleValues: Sendable {
  package private(set) var channels = 0
  package private(set) var height = 0
  package private(set) var width = 0
  private var values: [Float] = []
  /// The memory of the next values while they are computed from the present ones.
  private var spare: [Float] = []

  package init() {}

  /// The number of values.
  package var count: Int { channels * height * width }

  package var size: PixelSize { PixelSize(height: height, width: width) }

  /// Gives the tensor another shape. Its values are then undefined.
  package mutating func reshape(channels: Int, height: Int, width: Int) {
    (self.channels, self.height, self.width) = (channels, height, width)
    if values.count < count { values = [Float](repeating: 0, count: count) }
  }

  /// Calls `body` with the values.
  package func withValues<Result>(_ body: (Span<Float>) -> Result) -> Result {
    body(values.span.extracting(0..<count))
  }

  /// Calls `body` with the values, for changes in place.
  package mutating func withMutableValues<Result>(
    _ body: (inout MutableSpan<Float>) -> Result
  ) -> Result {
    let count = count
    var span = values.mutableSpan
    var part = span._mutatingExtracting(0..<count)
    return body(&part)
  }

  /// Replaces the values by those of another shape.
  ///
  /// - Parameter body: gets the old values, and writes all new ones.
  package mutating func replace(
    channels: Int, height: Int, width: Int, _ body: (Span<Float>, inout MutableSpan<Float>) -> Void
  ) {
    let newCount = channels * height * width
    var target: [Float] = []
    swap(&target, &spare)
    if target.count < newCount { target = [Float](repeating: 0, count: newCount) }
    do {
      var span = target.mutableSpan
      var part = span._mutatingExtracting(0..<newCount)
      body(values.span.extracting(0..<count), &part)
    }
    swap(&values, &target)
    swap(&spare, &target)
    (self.channels, self.height, self.width) = (channels, height, width)
  }
}
