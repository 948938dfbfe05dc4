internal import Functions
package import Kernels

/// ∂x of ``rowNormalization(_:_:weight:bias:to:saved:)``, with means over the row.
///
/// With n = (x − μ)·factor and g = ∂y·weight, ∂x = factor · (g − mean g − n · ratio · mean (g·n)).
/// `ratio` is 1 if ε stands under the root, and (σ + ε)/σ if it stands beside the root. The term
/// mean g requires a subtracted mean, and the last term a division by the deviation.
package func rowNormalizationGradient(
  _ form: NormalizedRows, _ x: FloatView, weight: FloatView?, saved: FloatView, dy: FloatView,
  to dx: FloatView
) -> some Kernel {
  let (x, dy, dx) = (x.checked(form.count), dy.checked(form.count), dx.checked(form.count))
  let weight = weight?.checked(form.parameters)
  let saved = saved.checked(form.rows * NormalizedRows.savedWidth)
  return PreparedLoop {
    let count = Double(form.width)
    for row in 0..<form.rows {
      let (start, factors) = (row &* form.width, RowFactors(saved, row: row))
      let end = start &+ form.width
      spread(dy, times: weight, form, start, to: dx)
      let mean =
        form.subtractsMean ? Float(dx.doubleSum(from: start, count: form.width) / count) : 0
      var slope: Float = 0
      if form.dividesByDeviation {
        let ratio = saved[row &* NormalizedRows.savedWidth &+ 3]
        slope = ratio * Float(product(factors, x, dx, start, end) / count)
      }
      var index = start
      while index &+ 8 <= end {
        let normalized = factors.normalized(x.load8(index))
        dx.store((dx.load8(index) - mean - normalized * slope) * factors.factor, index)
        index &+= 8
      }
      while index < end {
        let normalized = factors.normalized(x[index])
        dx[index] = (dx[index] - mean - normalized * slope) * factors.factor
        index &+= 1
      }
    }
  }
}

/// dx = dy · weight in one row. It holds g for the sums that follow.
@inline(__always)
private func spread(
  _ dy: FloatView, times weight: FloatView?, _ form: NormalizedRows, _ start: Int, to dx: FloatView
) {
  guard let weight else {
    dx.copy(form.width, of: dy, from: start, to: start)
    return
  }
  if form.hasParameterPerElement {
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
  let end = start &+ form.width
  var index = start
  while index < end {
    let (next, factor) = (min(end, index &+ form.span), weight[form.parameter(index)])
    while index < next {
      dx[index] = dy[index] * factor
      index &+= 1
    }
  }
}

/// Σ g·n over a row, in double precision.
@inline(__always)
private func product(
  _ factors: RowFactors, _ x: FloatView, _ g: FloatView, _ start: Int, _ end: Int
) -> Double {
  var sums = SIMD8<Double>(repeating: 0)
  var index = start
  while index &+ 8 <= end {
    sums += SIMD8<Double>(g.load8(index)) * SIMD8<Double>(factors.normalized(x.load8(index)))
    index &+= 8
  }
  var sum = sums.pairwiseSum
  while index < end {
    sum += Double(g[index]) * Double(factors.normalized(x[index]))
    index &+= 1
  }
  return sum
}

/// ∂weight[p] = Σ ∂y·n and ∂bias[p] = Σ ∂y over the elements with parameter p, rows in order.
package func normalizationParameterGradient(
  _ form: NormalizedRows, _ x: FloatView, saved: FloatView, dy: FloatView,
  weightGradient: FloatView?, biasGradient: FloatView?
) -> some Kernel {
  let (x, dy) = (x.checked(form.count), dy.checked(form.count))
  let saved = saved.checked(form.rows * NormalizedRows.savedWidth)
  let weightGradient = weightGradient?.checked(form.parameters)
  let biasGradient = biasGradient?.checked(form.parameters)
  return PreparedLoop {
    weightGradient?.fill(with: 0)
    biasGradient?.fill(with: 0)
    for row in 0..<form.rows {
      let (start, factors) = (row &* form.width, RowFactors(saved, row: row))
      if form.hasParameterPerElement {
        addVectors(factors, x, dy, start, form.width, to: weightGradient, biasGradient)
        continue
      }
      let end = start &+ form.width
      var index = start
      while index < end {
        let (parameter, next) = (form.parameter(index), min(end, index &+ form.span))
        let (product, gradient) = runSums(factors, x, dy, index, next)
        if let target = weightGradient { target[parameter] += product }
        if let target = biasGradient { target[parameter] += gradient }
        index = next
      }
    }
  }
}

/// Adds the terms of a row in which each element has its own parameter.
@inline(__always)
private func addVectors(
  _ factors: RowFactors, _ x: FloatView, _ dy: FloatView, _ start: Int, _ width: Int,
  to weightGradient: FloatView?, _ biasGradient: FloatView?
) {
  var index = 0
  while index &+ 8 <= width {
    let gradient = dy.load8(start &+ index)
    let normalized = factors.normalized(x.load8(start &+ index))
    if let target = weightGradient {
      target.store(target.load8(index) + gradient * normalized, index)
    }
    if let target = biasGradient { target.store(target.load8(index) + gradient, index) }
    index &+= 8
  }
  while index < width {
    let normalized = factors.normalized(x[start &+ index])
    if let target = weightGradient { target[index] += dy[start &+ index] * normalized }
    if let target = biasGradient { target[index] += dy[start &+ index] }
    index &+= 1
  }
}

/// Σ ∂y·n and Σ ∂y over a run of elements with one parameter.
@inline(__always)
private func runSums(
  _ factors: RowFactors, _ x: FloatView, _ dy: FloatView, _ start: Int, _ end: Int
) -> (product: Float, gradient: Float) {
  var (products, gradients) = (SIMD8<Float>(repeating: 0), SIMD8<Float>(repeating: 0))
  var index = start
  while index &+ 8 <= end {
    let gradient = dy.load8(index)
    products += gradient * factors.normalized(x.load8(index))
    gradients += gradient
    index &+= 8
  }
  var (product, gradient) = (products.pairwiseSum, gradients.pairwiseSum)
  while index < end {
    product += dy[index] * factors.normalized(x[index])
    gradient += dy[index]
    index &+= 1
  }
  return (product, gradient)
}
