internal import Glibc

/// y_i = x_i − max x − ln Σ_j e^(x_j − max x) along an axis.
package struct LogSoftmaxKernel: Kernel {
  private let x: FloatView
  private let y: FloatView
  private let extent: AxisExtent

  package init(_ x: FloatView, to y: FloatView, _ extent: AxisExtent) {
    self.x = x.checked(extent.count)
    self.y = y.checked(extent.count)
    self.extent = extent
  }

  package func run() {
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        run(first: outer &* extent.axis &* extent.inner &+ inner)
      }
    }
  }

  @inline(__always)
  private func run(first: Int) {
    var greatest = x[first]
    for index in 1..<max(extent.axis, 1) {
      greatest = max(greatest, x[first &+ index &* extent.inner])
    }
    var sum = 0.0
    for index in 0..<extent.axis {
      sum += Double(expf(x[first &+ index &* extent.inner] - greatest))
    }
    let logarithm = Float(log(sum))
    for index in 0..<extent.axis {
      let place = first &+ index &* extent.inner
      y[place] = (x[place] - greatest) - logarithm
    }
  }
}

/// dx_i = dy_i − e^(y_i) · Σ_j dy_j
package struct LogSoftmaxGradient: Kernel {
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
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        let first = outer &* extent.axis &* extent.inner &+ inner
        var sum = 0.0
        for index in 0..<extent.axis { sum += Double(dy[first &+ index &* extent.inner]) }
        let total = Float(sum)
        for index in 0..<extent.axis {
          let place = first &+ index &* extent.inner
          dx[place] = dy[place] - expf(y[place]) * total
        }
      }
    }
  }
}
