internal import Glibc

/// Where an axis stands in a tensor: `outer` tensors of `axis` × `inner` elements.
package struct AxisExtent: Sendable, Hashable {
  package let outer: Int
  package let axis: Int
  package let inner: Int

  package init(outer: Int, axis: Int, inner: Int) {
    self.outer = outer
    self.axis = axis
    self.inner = inner
  }

  package var count: Int { outer * axis * inner }
}

/// y_i = e^(x_i − max x) / Σ_j e^(x_j − max x) along an axis.
package struct SoftmaxKernel: Kernel {
  private let x: FloatView
  private let y: FloatView
  private let extent: AxisExtent

  package init(_ x: FloatView, to y: FloatView, _ extent: AxisExtent) {
    self.x = x.checked(extent.count)
    self.y = y.checked(extent.count)
    self.extent = extent
  }

  package func run() {
    let stride = extent.inner
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        let first = outer &* extent.axis &* stride &+ inner
        _ = softmax(x, y, first: first, stride: stride, count: extent.axis)
      }
    }
  }
}

/// dx_i = y_i · (dy_i − Σ_j y_j·dy_j)
package struct SoftmaxGradient: Kernel {
  private let y: FloatView
  private let dy: FloatView
  private let dx: FloatView
  private let extent: AxisExtent

  package init(y: FloatView, dy: FloatView, to dx: FloatView, _ extent: AxisExtent) {
    self.y = y.checked(extent.count)
    self.dy = dy.checked(extent.count)
    self.dx = dx.checked(extent.count)
    self.extent = extent
  }

  package func run() {
    let stride = extent.inner
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        let first = outer &* extent.axis &* stride &+ inner
        var dot: Float = 0
        for index in 0..<extent.axis {
          dot += y[first &+ index &* stride] * dy[first &+ index &* stride]
        }
        for index in 0..<extent.axis {
          let place = first &+ index &* stride
          dx[place] = y[place] * (dy[place] - dot)
        }
      }
    }
  }
}

/// Softmax of `count` elements; returns their greatest, and the sum of the exponentials.
@inline(__always)
func softmax(
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
