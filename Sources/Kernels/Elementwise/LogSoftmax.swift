internal import Functions

/// y_i = x_i − max x − ln Σ_j e^(x_j − max x) along an axis.
package func logSoftmax(_ x: FloatView, to y: FloatView, _ extent: AxisExtent) -> some Kernel {
  let (x, y) = (x.checked(extent.count), y.checked(extent.count))
  let (axis, stride) = (extent.axis, extent.inner)
  return PreparedLoop {
    for outer in 0..<extent.outer {
      let first = outer &* axis &* stride
      guard stride == 1 else {
        forEachRun(of: stride) { start, length in
          logSoftmaxColumns(x, y, first: first &+ start, stride: stride, axis: axis, length)
        }
        continue
      }
      let greatest = greatestElement(x, first: first, stride: 1, count: axis)
      let sum = exponentialSum(x, first: first, count: axis, greatest: greatest)
      let normalizer = Float(logarithm(sum))
      for place in first..<first &+ axis { y[place] = (x[place] - greatest) - normalizer }
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
      let start = outer &* axis &* stride
      if stride == 1 {
        let total = Float(dy.doubleSum(from: start, count: axis))
        for place in start..<start &+ axis {
          dx[place] = dy[place] - exponential(y[place]) * total
        }
        continue
      }
      forEachRun(of: stride) { column, length in
        var sums = InlineArray<64, Double>(repeating: 0)
        var totals = InlineArray<64, Float>(repeating: 0)
        for index in 0..<axis {
          let row = start &+ index &* stride &+ column
          for lane in 0..<length { sums[lane] += Double(dy[row &+ lane]) }
        }
        for lane in 0..<length { totals[lane] = Float(sums[lane]) }
        for index in 0..<axis {
          let row = start &+ index &* stride &+ column
          for lane in 0..<length {
            dx[row &+ lane] = dy[row &+ lane] - exponential(y[row &+ lane]) * totals[lane]
          }
        }
      }
    }
  }
}

/// Computes the logarithms of at most 64 neighbouring columns. Each sum runs along the axis.
private func logSoftmaxColumns(
  _ x: FloatView, _ y: FloatView, first: Int, stride: Int, axis: Int, _ length: Int
) {
  let greatest = greatestElements(x, first: first, stride: stride, axis: axis, length)
  var sums = InlineArray<64, Double>(repeating: 0)
  var normalizers = InlineArray<64, Float>(repeating: 0)
  for index in 0..<axis {
    let row = first &+ index &* stride
    for lane in 0..<length {
      sums[lane] += Double(exponential(x[row &+ lane] - greatest[lane]))
    }
  }
  for lane in 0..<length { normalizers[lane] = Float(logarithm(sums[lane])) }
  for index in 0..<axis {
    let row = first &+ index &* stride
    for lane in 0..<length {
      y[row &+ lane] = (x[row &+ lane] - greatest[lane]) - normalizers[lane]
    }
  }
}
