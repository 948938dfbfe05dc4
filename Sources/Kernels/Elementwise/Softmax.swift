internal import Functions

/// y_i = e^(x_i − max x) / Σ_j e^(x_j − max x) along an axis.
package func softmax(_ x: FloatView, to y: FloatView, _ extent: AxisExtent) -> some Kernel {
  let (x, y) = (x.checked(extent.count), y.checked(extent.count))
  let (axis, stride) = (extent.axis, extent.inner)
  return PreparedLoop {
    for outer in 0..<extent.outer {
      let first = outer &* axis &* stride
      if stride == 1 {
        _ = softmax(x, y, first: first, stride: 1, count: axis)
      } else {
        forEachRun(of: stride) { start, length in
          _ = softmaxColumns(x, y, first: first &+ start, stride: stride, axis: axis, length)
        }
      }
    }
  }
}

/// dx_i = y_i · (dy_i − Σ_j y_j·dy_j)
package func softmaxGradient(
  y: FloatView, dy: FloatView, to dx: FloatView, _ extent: AxisExtent
) -> some Kernel {
  let (y, dy, dx) = (y.checked(extent.count), dy.checked(extent.count), dx.checked(extent.count))
  let (axis, stride) = (extent.axis, extent.inner)
  return PreparedLoop {
    for outer in 0..<extent.outer {
      let start = outer &* axis &* stride
      if stride == 1 {
        let dot = rowSum(dy, times: y, first: start, count: axis)
        for place in start..<start &+ axis { dx[place] = y[place] * (dy[place] - dot) }
        continue
      }
      forEachRun(of: stride) { column, length in
        var dots = InlineArray<64, Float>(repeating: 0)
        for index in 0..<axis {
          let row = start &+ index &* stride &+ column
          for lane in 0..<length { dots[lane] += y[row &+ lane] * dy[row &+ lane] }
        }
        for index in 0..<axis {
          let row = start &+ index &* stride &+ column
          for lane in 0..<length {
            dx[row &+ lane] = y[row &+ lane] * (dy[row &+ lane] - dots[lane])
          }
        }
      }
    }
  }
}

/// Computes softmax of `count` elements. Returns their maximum and the sum of the exponentials.
package func softmax(
  _ x: FloatView, _ y: FloatView, first: Int, stride: Int, count: Int
) -> (greatest: Float, sum: Float) {
  let greatest = greatestElement(x, first: first, stride: stride, count: count)
  guard stride == 1 else {
    var sum: Float = 0
    for index in 0..<count {
      let place = first &+ index &* stride
      let power = exponential(x[place] - greatest)
      y[place] = power
      sum += power
    }
    let scale = 1 / sum
    for index in 0..<count { y[first &+ index &* stride] *= scale }
    return (greatest, sum)
  }
  for place in first..<first &+ count { y[place] = exponential(x[place] - greatest) }
  let sum = rowSum(y, first: first, count: count)
  let scale = 1 / sum
  for place in first..<first &+ count { y[place] *= scale }
  return (greatest, sum)
}

/// Computes softmax of at most 64 neighbouring columns. Returns their maxima and the sums of their
/// exponentials. Each sum runs along the axis.
@inline(__always)
private func softmaxColumns(
  _ x: FloatView, _ y: FloatView, first: Int, stride: Int, axis: Int, _ length: Int
) -> (greatest: InlineArray<64, Float>, sums: InlineArray<64, Float>) {
  let greatest = greatestElements(x, first: first, stride: stride, axis: axis, length)
  var sums = InlineArray<64, Float>(repeating: 0)
  for index in 0..<axis {
    let row = first &+ index &* stride
    for lane in 0..<length {
      let power = exponential(x[row &+ lane] - greatest[lane])
      y[row &+ lane] = power
      sums[lane] += power
    }
  }
  var scales = InlineArray<64, Float>(repeating: 0)
  for lane in 0..<length { scales[lane] = 1 / sums[lane] }
  for index in 0..<axis {
    let row = first &+ index &* stride
    for lane in 0..<length { y[row &+ lane] *= scales[lane] }
  }
  return (greatest, sums)
}

/// Computes softmax position by position along an axis.
///
/// The positions of a tensor [outer, axis, inner] are visited in order. If neighbours in memory are
/// different positions, the first of them computes 64 at once.
package struct PositionSoftmax {
  private let x: FloatView
  private let y: FloatView
  private let extent: AxisExtent
  private var greatest = InlineArray<64, Float>(repeating: 0)
  private var sums = InlineArray<64, Float>(repeating: 0)

  package init(of x: FloatView, to y: FloatView, _ extent: AxisExtent) {
    (self.x, self.y, self.extent) = (x.checked(extent.count), y.checked(extent.count), extent)
  }

  /// Writes the softmax of a position. Returns the maximum of x and the sum of the exponentials.
  ///
  /// - Parameters:
  ///   - first: the place of the first element.
  ///   - inner: the index along the inner axis.
  @inline(__always)
  package mutating func values(first: Int, inner: Int) -> (greatest: Float, sum: Float) {
    guard extent.inner > 1 else {
      return softmax(x, y, first: first, stride: 1, count: extent.axis)
    }
    let lane = inner & 63
    if lane == 0 {
      (greatest, sums) = softmaxColumns(
        x, y, first: first, stride: extent.inner, axis: extent.axis,
        min(64, extent.inner &- inner))
    }
    return (greatest[lane], sums[lane])
  }
}
