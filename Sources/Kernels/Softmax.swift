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
private func softmax(
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

/// p = softmax x; statistics = (Σ −log p[label], number of labels), summed in double precision.
///
/// The logarithm is taken of the sum and not of p, so that a loss of 10⁴ is 10⁴. A label beyond the classes makes
/// the loss NaN; data sets are checked for that before.
package struct CrossEntropy: Kernel {
  private let x: FloatView
  private let label: FloatView
  private let p: FloatView
  private let statistics: DoubleView
  private let extent: AxisExtent

  package init(
    _ x: FloatView, label: FloatView, probabilities p: FloatView, statistics: DoubleView,
    _ extent: AxisExtent
  ) {
    self.x = x.checked(extent.count)
    self.label = label.checked(extent.outer * extent.inner)
    self.p = p.checked(extent.count)
    self.statistics = statistics.checked(2)
    self.extent = extent
  }

  package func run() {
    let stride = extent.inner
    var total = 0.0
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        let first = outer &* extent.axis &* stride &+ inner
        let (greatest, sum) = softmax(x, p, first: first, stride: stride, count: extent.axis)
        guard let index = classIndex(label[outer &* stride &+ inner], of: extent.axis) else {
          total = .nan
          continue
        }
        let margin = Double(greatest) - Double(x[first &+ index &* stride])
        total += margin + log(Double(sum))
      }
    }
    statistics[0] = total
    statistics[1] = Double(extent.outer * extent.inner)
  }
}

/// dx = (p − onehot(label)) · weight / normalizer, the normalizer being the whole batch's.
package struct CrossEntropyGradient: Kernel {
  private let p: FloatView
  private let label: FloatView
  private let statistics: DoubleView
  private let dx: FloatView
  private let weight: Double
  private let extent: AxisExtent

  /// - Parameter statistics: those of ``CrossEntropy``, summed over the slices.
  package init(
    probabilities p: FloatView, label: FloatView, statistics: DoubleView, to dx: FloatView,
    weight: Double, _ extent: AxisExtent
  ) {
    self.p = p.checked(extent.count)
    self.label = label.checked(extent.outer * extent.inner)
    self.statistics = statistics.checked(2)
    self.dx = dx.checked(extent.count)
    self.weight = weight
    self.extent = extent
  }

  package func run() {
    let scale = Float(weight / max(statistics[1], 1))
    for index in 0..<extent.count { dx[index] = p[index] * scale }
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        let label = label[outer &* extent.inner &+ inner]
        guard let index = classIndex(label, of: extent.axis) else { continue }
        dx[(outer &* extent.axis &+ index) &* extent.inner &+ inner] -= scale
      }
    }
  }
}

/// statistics = (labels whose class has the greatest score, number of labels). Of equal scores the first counts as
/// the greatest.
package struct ArgmaxMatch: Kernel {
  private let x: FloatView
  private let label: FloatView
  private let statistics: DoubleView
  private let extent: AxisExtent

  package init(
    _ x: FloatView, label: FloatView, statistics: DoubleView, _ extent: AxisExtent
  ) {
    self.x = x.checked(extent.count)
    self.label = label.checked(extent.outer * extent.inner)
    self.statistics = statistics.checked(2)
    self.extent = extent
  }

  package func run() {
    var matches = 0
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        let first = outer &* extent.axis &* extent.inner &+ inner
        var best = 0
        for index in 1..<max(extent.axis, 1)
        where x[first &+ index &* extent.inner] > x[first &+ best &* extent.inner] {
          best = index
        }
        if Float(best) == label[outer &* extent.inner &+ inner] { matches += 1 }
      }
    }
    statistics[0] = Double(matches)
    statistics[1] = Double(extent.outer * extent.inner)
  }
}

/// The class that a label names, if it is one of `count`.
@inline(__always)
private func classIndex(_ label: Float, of count: Int) -> Int? {
  guard label >= 0, label < Float(count) else { return nil }
  return Int(label)
}
