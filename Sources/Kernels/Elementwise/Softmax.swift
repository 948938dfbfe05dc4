internal import Glibc

/// y_i = e^(x_i − max x) / Σ_j e^(x_j − max x) along an axis.
package func softmax(_ x: FloatView, to y: FloatView, _ extent: AxisExtent) -> some Kernel {
  let (x, y) = (x.checked(extent.count), y.checked(extent.count))
  let (axis, stride) = (extent.axis, extent.inner)
  return PreparedLoop {
    for outer in 0..<extent.outer {
      for inner in 0..<stride {
        let first = outer &* axis &* stride &+ inner
        _ = softmax(x, y, first: first, stride: stride, count: axis)
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
      for inner in 0..<stride {
        let first = outer &* axis &* stride &+ inner
        var dot: Float = 0
        for index in 0..<axis { dot += y[first &+ index &* stride] * dy[first &+ index &* stride] }
        for index in 0..<axis {
          let place = first &+ index &* stride
          dx[place] = y[place] * (dy[place] - dot)
        }
      }
    }
  }
}

/// Computes softmax of `count` elements. Returns their maximum and the sum of the exponentials.
@inline(__always)
package func softmax(
  _ x: FloatView, _ y: FloatView, first: Int, stride: Int, count: Int
) -> (greatest: Float, sum: Float) {
  var greatest = x[first]
  for index in 1..<max(count, 1) { greatest = max(greatest, x[first &+ index &* stride]) }
  var sum: Float = 0
  for index in 0..<count {
    let place = first &+ index &* stride
    let exponential = expf(x[place] - greatest)
    y[place] = exponential
    sum += exponential
  }
  let scale = 1 / sum
  for index in 0..<count { y[first &+ index &* stride] *= scale }
  return (greatest, sum)
}
