package import Kernels
package import Tensors

/// Pooling windows over images in any layout.
package struct PoolingForm: Sendable, Hashable {
  /// The elements of an image that one window covers. The border of the image may cut them off.
  struct Region {
    /// The place of the first channel of the first position.
    let start: Int
    /// The place of that position in the window.
    let place: Int
    let planes: Int
    let rows: Int
    let columns: Int
    /// The elements of the window up to the end of the padding.
    let paddedCount: Int

    /// The elements inside the image.
    var count: Int { planes &* rows &* columns }
  }

  /// The most elements of a window. A `Float` represents places and counts up to here exactly.
  package static let elementLimit = 1 << 24

  private let depth: Window.Axis
  private let height: Window.Axis
  private let width: Window.Axis
  /// The blocks of adjacent channels of all examples.
  private let images: Int
  /// The number of adjacent channels.
  let channels: Int

  /// Makes the windows over the first `examples` examples.
  ///
  /// - Parameters:
  ///   - window: a window without gaps. At every position it covers an element of the image.
  ///   - input: the shape [N, C, spatial…].
  package init(_ window: Window, _ input: Shape, _ layout: TensorLayout, examples: Int) {
    precondition(
      window.axes.allSatisfy { axis in
        axis.dilation == 1 && axis.padding < axis.kernel
          && (axis.output - 1) * axis.stride - axis.padding < axis.input
      }, "a window that sees nothing")
    let one = Window.Axis(input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, padding: 0)
    let axes = Array(repeating: one, count: 3 - window.axes.count) + window.axes
    (depth, height, width) = (axes[0], axes[1], axes[2])
    let runs = layout.runs(input, examples: examples)
    (images, channels) = (runs.examples * runs.blocks, runs.width)
  }

  private var axes: [Window.Axis] { [depth, height, width] }
  private var imageCount: Int { axes.map(\.input).reduce(channels, *) }

  var inputCount: Int { images * imageCount }
  var outputCount: Int { images * axes.map(\.output).reduce(channels, *) }

  /// True if no two windows share an element.
  var isDisjoint: Bool { axes.allSatisfy { $0.stride >= $0.kernel } }

  /// True if each window is one element.
  package var hasSingleElements: Bool { axes.allSatisfy { $0.kernel == 1 } }

  /// True if every element is in a window.
  var isCovering: Bool {
    axes.allSatisfy { axis in
      let end = (axis.output - 1) * axis.stride + axis.kernel - axis.padding
      return axis.stride <= axis.kernel && end >= axis.input
    }
  }

  /// Calls `startImage` for each block of channels, and then `body` for its windows in output
  /// order.
  ///
  /// `startImage` receives the elements of the input. `body` receives the place of the first
  /// channel of a window's result.
  @inline(__always)
  func forEachWindow(
    startImage: (Range<Int>) -> Void = { _ in }, _ body: (_ output: Int, _ region: Region) -> Void
  ) {
    let line = width.input &* channels
    let plane = height.input &* line
    var output = 0
    for image in 0..<images {
      let start = image &* depth.input &* plane
      startImage(start..<start &+ depth.input &* plane)
      for z in 0..<depth.output {
        let planes = depth.span(z)
        for y in 0..<height.output {
          let rows = height.span(y)
          for x in 0..<width.output {
            let columns = width.span(x)
            body(
              output,
              Region(
                start: start &+ planes.start &* plane &+ rows.start &* line
                  &+ columns.start &* channels,
                place: (planes.place &* height.kernel &+ rows.place) &* width.kernel
                  &+ columns.place,
                planes: planes.count, rows: rows.count, columns: columns.count,
                paddedCount: planes.paddedCount &* rows.paddedCount &* columns.paddedCount))
            output &+= channels
          }
        }
      }
    }
  }

  /// Calls `body` with every position that a window covers.
  ///
  /// `body` receives the place of the position's first channel, and its place in the window as a
  /// float.
  @inline(__always)
  func forEachPosition(of region: Region, _ body: (_ element: Int, _ place: Float) -> Void) {
    let line = width.input &* channels
    for plane in 0..<region.planes {
      for row in 0..<region.rows {
        var element = region.start &+ (plane &* height.input &+ row) &* line
        var place = Float(region.place &+ (plane &* height.kernel &+ row) &* width.kernel)
        for _ in 0..<region.columns {
          body(element, place)
          element &+= channels
          place += 1
        }
      }
    }
  }

  /// Returns the row-major place in a channel's image of the place `place` in the window.
  @inline(__always)
  func imagePlace(of place: Int, in region: Region) -> Int {
    let first = (region.start % imageCount) / channels
    let line = width.kernel
    let plane = height.kernel &* line
    let rows = (place / line) % height.kernel &- (region.place / line) % height.kernel
    let planes = place / plane &- region.place / plane
    let columns = place % line &- region.place % line
    return first &+ (planes &* height.input &+ rows) &* width.input &+ columns
  }

  /// Calls `pair` with sixteen channels at a time, then `vector` with eight, and `scalar` with each
  /// other one.
  ///
  /// - Parameter mayRepeat: true if work on a channel may be done twice. The last eight channels
  ///   then form a vector that overlaps the one before.
  @inline(__always)
  func forEachChannel(
    mayRepeat: Bool, pair: (Int) -> Void, vector: (Int) -> Void, scalar: (Int) -> Void
  ) {
    var channel = 0
    while channel &+ 16 <= channels {
      pair(channel)
      channel &+= 16
    }
    if channel &+ 8 <= channels {
      vector(channel)
      channel &+= 8
    }
    if mayRepeat, channel < channels, channels >= 8 {
      vector(channels &- 8)
      return
    }
    while channel < channels {
      scalar(channel)
      channel &+= 1
    }
  }
}

extension Window.Axis {
  /// The elements of the axis that the window at `output` covers, and its first place inside the
  /// window.
  @inline(__always)
  fileprivate func span(_ output: Int) -> (start: Int, place: Int, count: Int, paddedCount: Int) {
    let first = output &* stride &- padding
    let end = first &+ kernel
    let start = max(first, 0)
    return (
      start, start &- first, min(end, input) &- start, min(end, input &+ padding) &- first
    )
  }
}
