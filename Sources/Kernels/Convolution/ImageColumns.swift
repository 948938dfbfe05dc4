internal import Tensors

/// The matrix of the image elements that each position of a window covers (im2col), with channels
/// last.
///
/// Each position of the window has one row. The row holds the channels of every window element in
/// sequence, and zeros for the padding. Rows follow the positions of all examples in the order of
/// the output.
///
/// With this matrix a convolution is a matrix product. Reference: K. Chellapilla, S. Puri, P.
/// Simard, "High performance convolutional neural networks for document processing", 2006.
struct ImageColumns: Sendable {
  private let depth: Window.Axis
  private let height: Window.Axis
  private let width: Window.Axis
  private let channels: Int
  private let examples: Int

  /// Makes the columns of a window.
  ///
  /// - Parameter window: the window. Negative padding omits elements at the border.
  init(_ window: Window, channels: Int, examples: Int) {
    let one = Window.Axis(input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, padding: 0)
    let axes = Array(repeating: one, count: 3 - window.axes.count) + window.axes
    (depth, height, width) = (axes[0], axes[1], axes[2])
    self.channels = channels
    self.examples = examples
  }

  var positionCount: Int { examples * depth.output * height.output * width.output }
  /// The positions along the last axis.
  var lineLength: Int { width.output }
  /// The elements of a row.
  var rowLength: Int { depth.kernel * height.kernel * width.kernel * channels }
  /// The elements of the images.
  var imageCount: Int { examples * depth.input * height.input * width.input * channels }

  /// True if the images themselves are the rows.
  var isIdentity: Bool {
    [depth, height, width].allSatisfy { axis in
      axis.kernel == 1 && axis.stride == 1 && axis.padding == 0 && axis.input == axis.output
    }
  }

  /// Copies the rows of `positions` to `columns`.
  func gather(_ positions: Range<Int>, of images: FloatView, to columns: FloatView) {
    forEachRun(positions) { row, image in
      columns.copy(row.count, of: images, from: image, to: row.lowerBound)
    } outside: { row in
      columns[row].fill(with: 0)
    }
  }

  /// Adds the rows of `positions` to the elements of `images` that ``gather(_:of:to:)`` reads.
  func scatter(_ positions: Range<Int>, of columns: FloatView, addingTo images: FloatView) {
    forEachRun(positions) { row, image in
      images.add(row.count, of: columns, from: row.lowerBound, at: image)
    } outside: { _ in
    }
  }

  /// Calls `inside` for every range that is contiguous in a row and in the images, and `outside`
  /// for padding.
  @inline(__always)
  private func forEachRun(
    _ positions: Range<Int>, inside: (_ row: Range<Int>, _ image: Int) -> Void,
    outside: (_ row: Range<Int>) -> Void
  ) {
    let imageLine = width.input &* channels
    let runLength = width.kernel &* channels
    let rowLength = rowLength
    var position = positions.lowerBound
    var row = 0
    while position < positions.upperBound {
      let (line, x) = position.quotientAndRemainder(dividingBy: width.output)
      let (plane, y) = line.quotientAndRemainder(dividingBy: height.output)
      let (example, z) = plane.quotientAndRemainder(dividingBy: depth.output)
      let end = min(width.output, x &+ (positions.upperBound &- position))
      var run = row
      for planeOfWindow in 0..<depth.kernel {
        let imageZ = depth.place(z, planeOfWindow)
        for rowOfWindow in 0..<height.kernel {
          let imageY = height.place(y, rowOfWindow)
          if imageZ >= 0, imageZ < depth.input, imageY >= 0, imageY < height.input {
            let image = ((example &* depth.input &+ imageZ) &* height.input &+ imageY) &* imageLine
            var start = run
            for x in x..<end {
              forEachRun(ofWindowAt: x, row: start, image: image, inside, outside)
              start &+= rowLength
            }
          } else {
            var start = run
            for _ in x..<end {
              outside(start..<start &+ runLength)
              start &+= rowLength
            }
          }
          run &+= runLength
        }
      }
      row &+= (end &- x) &* rowLength
      position &+= end &- x
    }
  }

  /// Calls `inside` and `outside` for one line of a window.
  ///
  /// The line begins at `row` and covers the line of the images that begins at `image`.
  @inline(__always)
  private func forEachRun(
    ofWindowAt x: Int, row: Int, image: Int, _ inside: (Range<Int>, Int) -> Void,
    _ outside: (Range<Int>) -> Void
  ) {
    guard width.dilation == 1 else {
      for column in 0..<width.kernel {
        let element = row &+ column &* channels..<row &+ (column &+ 1) &* channels
        let imageX = width.place(x, column)
        if imageX >= 0, imageX < width.input {
          inside(element, image &+ imageX &* channels)
        } else {
          outside(element)
        }
      }
      return
    }
    let first = width.place(x, 0)
    let low = min(max(0, 0 &- first), width.kernel)
    let high = max(min(width.kernel, width.input &- first), low)
    if low > 0 { outside(row..<row &+ low &* channels) }
    if high > low {
      inside(
        row &+ low &* channels..<row &+ high &* channels, image &+ (first &+ low) &* channels)
    }
    if high < width.kernel {
      outside(row &+ high &* channels..<row &+ width.kernel &* channels)
    }
  }
}

extension Window.Axis {
  /// Returns the input index of `element` in the window of `output`.
  @inline(__always)
  fileprivate func place(_ output: Int, _ element: Int) -> Int {
    output &* stride &+ element &* dilation &- padding
  }
}

extension View where Element == Float {
  /// Adds `count` elements of `source` from `start` to the elements at `target`.
  @inline(__always)
  fileprivate func add(_ count: Int, of source: FloatView, from start: Int, at target: Int) {
    var index = 0
    while index &+ 8 <= count {
      store(load8(target &+ index) + source.load8(start &+ index), target &+ index)
      index &+= 8
    }
    while index < count {
      self[target &+ index] += source[start &+ index]
      index &+= 1
    }
  }
}
