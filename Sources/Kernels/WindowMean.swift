/// y[p] = Σ x over the window at p, divided by the elements of the window up to the end of the padding; or the gradient
/// of that.
///
/// Images are row-major, one after the other. The loops go over windows, and over the elements of each.
package struct WindowMean: Kernel {
  private let x: FloatView
  private let y: FloatView
  /// Three axes, the first ones of extent 1 where there are fewer.
  private let axes: [Window.Axis]
  private let images: Int
  private let isBackward: Bool

  /// - Parameters:
  ///   - x: the input, or its gradient, which is written where `isBackward`.
  ///   - images: examples times channels.
  package init(
    of x: FloatView, to y: FloatView, _ window: Window, images: Int, isBackward: Bool
  ) {
    let one = Window.Axis(input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, padding: 0)
    axes = Array(repeating: one, count: 3 - window.axes.count) + window.axes
    self.x = x.checked(images * window.input.reduce(1, *))
    self.y = y.checked(images * window.output.reduce(1, *))
    self.images = images
    self.isBackward = isBackward
  }

  /// The part of a window that is in the image, and the elements that count.
  @inline(__always)
  private func span(_ axis: Window.Axis, _ place: Int) -> (start: Int, end: Int, count: Int) {
    let start = place &* axis.stride &- axis.padding
    let end = min(start &+ axis.kernel, axis.input &+ axis.padding)
    return (max(start, 0), min(end, axis.input), end &- start)
  }

  package func run() {
    let (depth, height, width) = (axes[0], axes[1], axes[2])
    if isBackward { x.fill(with: 0) }
    let (plane, volume) = (height.input * width.input, depth.input * height.input * width.input)
    var place = 0
    for image in 0..<images {
      for z in 0..<depth.output {
        let planes = span(depth, z)
        for row in 0..<height.output {
          let rows = span(height, row)
          for column in 0..<width.output {
            let columns = span(width, column)
            let count = Float(planes.count * rows.count * columns.count)
            var sum: Float = 0
            let share = isBackward ? y[place] / count : 0
            for a in planes.start..<planes.end {
              for b in rows.start..<rows.end {
                let base = image &* volume &+ a &* plane &+ b &* width.input
                for c in columns.start..<columns.end {
                  if isBackward { x[base &+ c] += share } else { sum += x[base &+ c] }
                }
              }
            }
            if !isBackward { y[place] = sum / count }
            place &+= 1
          }
        }
      }
    }
  }
}
