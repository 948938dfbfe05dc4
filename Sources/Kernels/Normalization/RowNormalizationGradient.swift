/// ∂x of ``RowNormalization``: with n = (x − μ)·factor and g = ∂y·weight,
/// ∂x = factor · (g − mean g − n · ratio · mean (g·n)), the means over the row.
///
/// `ratio` is 1 where ε stands under the root, and (σ + ε)/σ where it stands beside it. Where no mean is taken away, mean g
/// is left out; where nothing is divided by, the last term is.
package struct RowNormalizationGradient: Kernel {
  private let form: NormalizedRows
  private let x: FloatView
  private let weight: FloatView?
  private let saved: FloatView
  private let dy: FloatView
  private let dx: FloatView

  package init(
    _ form: NormalizedRows, _ x: FloatView, weight: FloatView?, saved: FloatView, dy: FloatView,
    to dx: FloatView
  ) {
    self.form = form
    self.x = x.checked(form.count)
    self.weight = weight?.checked(form.parameters)
    self.saved = saved.checked(form.rows * NormalizedRows.savedWidth)
    self.dy = dy.checked(form.count)
    self.dx = dx.checked(form.count)
  }

  package func run() {
    for row in 0..<form.rows {
      spread(row)
      finish(row)
    }
  }

  /// dx = dy · weight: g, for the sums and in place of them.
  @inline(__always)
  private func spread(_ row: Int) {
    let start = row &* form.width
    let end = start &+ form.width
    guard let weight else {
      dx.copy(form.width, of: dy, from: start, to: start)
      return
    }
    if form.span == 1, form.width == form.parameters {
      var index = 0
      while index &+ 8 <= form.width {
        dx.store(dy.load8(start &+ index) * weight.load8(index), start &+ index)
        index &+= 8
      }
      while index < form.width {
        dx[start &+ index] = dy[start &+ index] * weight[index]
        index &+= 1
      }
      return
    }
    var index = start
    while index < end {
      let (next, factor) = (min(end, index &+ form.span), weight[form.parameter(index)])
      while index < next {
        dx[index] = dy[index] * factor
        index &+= 1
      }
    }
  }

  @inline(__always)
  private func finish(_ row: Int) {
    let (start, place) = (row &* form.width, row &* NormalizedRows.savedWidth)
    let (high, low, factor) = (saved[place], saved[place &+ 1], saved[place &+ 2])
    let end = start &+ form.width
    let count = Double(form.width)
    let mean =
      form.subtractsMean ? Float(dx.doubleSum(from: start, count: form.width) / count) : 0
    var slope: Float = 0
    if form.dividesByDeviation {
      slope = saved[place &+ 3] * Float(product(start, end, high, low, factor) / count)
    }
    var index = start
    while index &+ 8 <= end {
      let normalized = ((x.load8(index) - high) - low) * factor
      dx.store((dx.load8(index) - mean - normalized * slope) * factor, index)
      index &+= 8
    }
    while index < end {
      let normalized = ((x[index] - high) - low) * factor
      dx[index] = (dx[index] - mean - normalized * slope) * factor
      index &+= 1
    }
  }

  /// Σ g·n over a row, in double precision.
  @inline(__always)
  private func product(
    _ start: Int, _ end: Int, _ high: Float, _ low: Float, _ factor: Float
  ) -> Double {
    var sums = SIMD8<Double>(repeating: 0)
    var index = start
    while index &+ 8 <= end {
      let normalized = ((x.load8(index) - high) - low) * factor
      sums += SIMD8<Double>(dx.load8(index)) * SIMD8<Double>(normalized)
      index &+= 8
    }
    var sum = sums.sum()
    while index < end {
      sum += Double(dx[index]) * Double(((x[index] - high) - low) * factor)
      index &+= 1
    }
    return sum
  }
}

/// ∂weight[p] = Σ ∂y·n and ∂bias[p] = Σ ∂y over the elements whose parameter is p, rows in order.
package struct NormalizationParameterGradient: Kernel {
  private let form: NormalizedRows
  private let x: FloatView
  private let saved: FloatView
  private let dy: FloatView
  private let weightGradient: FloatView?
  private let biasGradient: FloatView?

  package init(
    _ form: NormalizedRows, _ x: FloatView, saved: FloatView, dy: FloatView,
    weightGradient: FloatView?, biasGradient: FloatView?
  ) {
    self.form = form
    self.x = x.checked(form.count)
    self.saved = saved.checked(form.rows * NormalizedRows.savedWidth)
    self.dy = dy.checked(form.count)
    self.weightGradient = weightGradient?.checked(form.parameters)
    self.biasGradient = biasGradient?.checked(form.parameters)
  }

  package func run() {
    weightGradient?.fill(with: 0)
    biasGradient?.fill(with: 0)
    for row in 0..<form.rows {
      let place = row &* NormalizedRows.savedWidth
      let (high, low, factor) = (saved[place], saved[place &+ 1], saved[place &+ 2])
      let start = row &* form.width
      let end = start &+ form.width
      if form.span == 1, form.width == form.parameters {
        addVectors(start, high, low, factor)
        continue
      }
      var index = start
      while index < end {
        let next = min(end, index &+ form.span)
        addRun(index, next, form.parameter(index), high, low, factor)
        index = next
      }
    }
  }

  /// A row whose elements have a parameter each.
  @inline(__always)
  private func addVectors(_ start: Int, _ high: Float, _ low: Float, _ factor: Float) {
    var index = 0
    while index &+ 8 <= form.width {
      let gradient = dy.load8(start &+ index)
      let normalized = ((x.load8(start &+ index) - high) - low) * factor
      if let target = weightGradient {
        target.store(target.load8(index) + gradient * normalized, index)
      }
      if let target = biasGradient { target.store(target.load8(index) + gradient, index) }
      index &+= 8
    }
    while index < form.width {
      let normalized = ((x[start &+ index] - high) - low) * factor
      if let target = weightGradient { target[index] += dy[start &+ index] * normalized }
      if let target = biasGradient { target[index] += dy[start &+ index] }
      index &+= 1
    }
  }

  /// A run of elements with one parameter.
  @inline(__always)
  private func addRun(
    _ start: Int, _ end: Int, _ parameter: Int, _ high: Float, _ low: Float, _ factor: Float
  ) {
    var (products, gradients) = (SIMD8<Float>(repeating: 0), SIMD8<Float>(repeating: 0))
    var index = start
    while index &+ 8 <= end {
      let gradient = dy.load8(index)
      products += gradient * (((x.load8(index) - high) - low) * factor)
      gradients += gradient
      index &+= 8
    }
    var (product, gradient) = (products.sum(), gradients.sum())
    while index < end {
      product += dy[index] * (((x[index] - high) - low) * factor)
      gradient += dy[index]
      index &+= 1
    }
    if let target = weightGradient { target[parameter] += product }
    if let target = biasGradient { target[parameter] += gradient }
  }
}
