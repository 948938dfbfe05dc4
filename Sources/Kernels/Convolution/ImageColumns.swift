internal import Tensors

/// What a window sees of images whose channels come last, as rows of a matrix: one row for each position of the window,
/// and in it the channels of every element of the window, one element after the other, zeros where it is in the padding.
///
/// With it a convolution is a product of matrices: K. Chellapilla, S. Puri, P. Simard, "High performance convolutional
/// neural networks for document processing", 2006. Positions are those of all examples, in the order of the output.
struct ImageColumns: Sendable {
  private let depth: Window.Axis
  private let height: Window.Axis
  private let width: Window.Axis
  private let channels: Int
  private let examples: Int

  /// - Parameter window: its padding may be negative, which leaves out elements at the border.
  init(_ window: Window, channels: Int, examples: Int) {
    let one = Window.Axis(input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, padding: 0)
    let axes = Array(repeating: one, count: 3 - window.axes.count) + window.axes
    (depth, height, width) = (axes[0], axes[1], axes[2])
    self.channels = channels
    self.examples = examples
  }

  var positionCount: Int { examples * depth.output * height.output * width.output }
  /// Positions along the last axis.
  var lineLength: Int { width.output }
  /// Elements of a row.
  var rowLength: Int { depth.kernel * height.kernel * width.kernel * channels }
  /// Elements of the images.
  var imageCount: Int { examples * depth.input * height.input * width.input * channels }

  /// Whether the rows are the images themselves.
  var isIdentity: Bool {
    [depth, height, width].allSatisfy { axis in
      axis.kernel == 1 && axis.stride == 1 && axis.padding == 0 && axis.input == axis.output
    }
  }

  /// columns = the rows of some positions.
  func gather(_ positions: Range<Int>, of images: FloatView, to columns: FloatView) {
    forEachRun(positions) { row, image in
      columns.copy(row.count, of: images, from: image, to: row.lowerBound)
    } outside: { row in
      columns[row].fill(with: 0)
    }
  }

  /// images += the rows of some positions, each element where ``gather(_:of:to:)`` takes it from.
  func scatter(_ positions: Range<Int>, of columns: FloatView, addingTo images: FloatView) {
    forEachRun(positions) { row, image in
      images.add(row.count, of: columns, from: row.lowerBound, at: image)
    } outside: { _ in
    }
  }

  /// Calls `inside` with every run of elements that lies together in a row and in the images, and `outside` with every
  /// one in the padding.
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

  /// The same for one line of a window, which begins at `row` and sees the line of the images that begins at `image`.
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
  /// Where element `element` of the window at `output` lies.
  @inline(__always)
  fileprivate func place(_ output: Int, _ element: Int) -> Int {
    output &* stride &+ element &* dilation &- padding
  }
}

extension View where Element == Float {
  /// Adds `count` elements of `source` from `start` on to those at `target`.
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
