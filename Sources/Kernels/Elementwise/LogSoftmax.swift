internal import Glibc

/// y_i = x_i − max x − ln Σ_j e^(x_j − max x) along an axis.
package func logSoftmax(_ x: FloatView, to y: FloatView, _ extent: AxisExtent) -> some Kernel {
  let (x, y) = (x.checked(extent.count), y.checked(extent.count))
  let (axis, stride) = (extent.axis, extent.inner)
  return PreparedLoop {
    for outer in 0..<extent.outer {
      for inner in 0..<stride {
        let first = outer &* axis &* stride &+ inner
        var greatest = x[first]
        for index in 1..<max(axis, 1) { greatest = max(greatest, x[first &+ index &* stride]) }
        var sum = 0.0
        for index in 0..<axis { sum += Double(expf(x[first &+ index &* stride] - greatest)) }
        let logarithm = Float(log(sum))
        for index in 0..<axis {
          let place = first &+ index &* stride
          y[place] = (x[place] - greatest) - logarithm
        }
      }
    }
  }
}

/// dx_i = dy_i − e^(y_i) · Σ_j dy_j
package func logSoftmaxGradient(
  y: FloatView, dy: FloatView, to dx: FloatView, _ extent: AxisExtent
) -> some Kernel {
  let (y, dy, dx) = (y.checked(extent.count), dy.checked(extent.count), dx.checked(extent.count))
  let (axis, stride) = (extent.axis, extent.inner)
  return PreparedLoop {
    for outer in 0..<extent.outer {
      for inner in 0..<stride {
        let first = outer &* axis &* stride &+ inner
        var sum = 0.0
        for index in 0..<axis { sum += Double(dy[first &+ index &* stride]) }
        let total = Float(sum)
        for index in 0..<axis {
          let place = first &+ index &* stride
          dx[place] = dy[place] - expf(y[place]) * total
        }
      }
    }
  }
}
