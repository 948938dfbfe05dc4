package import Kernels

/// y = (x − μ)/√(σ² + ε) · weight + bias, with μ and σ² of each row.
///
/// Mean and variance are sums in double precision. The variance sums differences from the mean, so
/// that a row with mean 1000 loses no digits.
///
/// - Parameter saved: memory for the numbers of each row that the gradient needs.
package func rowNormalization(
  _ form: NormalizedRows, _ x: FloatView, weight: FloatView?, bias: FloatView?, to y: FloatView,
  saved: FloatView
) -> some Kernel {
  let (x, y) = (x.checked(form.count), y.checked(form.count))
  let (weight, bias) = (weight?.checked(form.parameters), bias?.checked(form.parameters))
  let saved = saved.checked(form.rows * NormalizedRows.savedWidth)
  return PreparedLoop {
    for row in 0..<form.rows {
      save(row, of: x, form, to: saved)
      let (factors, start) = (RowFactors(saved, row: row), row &* form.width)
      let end = start &+ form.width
      if form.parameters == 0 {
        write(factors, x, to: y, start, end, 1, 0)
      } else if form.hasParameterPerElement {
        var index = 0
        while index &+ 8 <= form.width {
          var value = factors.normalized(x.load8(start &+ index))
          if let weight { value *= weight.load8(index) }
          if let bias { value += bias.load8(index) }
          y.store(value, start &+ index)
          index &+= 8
        }
        while index < form.width {
          let value = factors.normalized(x[start &+ index])
          y[start &+ index] = value * (weight?[index] ?? 1) + (bias?[index] ?? 0)
          index &+= 1
        }
      } else {
        var index = start
        while index < end {
          let (parameter, next) = (form.parameter(index), min(end, index &+ form.span))
          write(factors, x, to: y, index, next, weight?[parameter] ?? 1, bias?[parameter] ?? 0)
          index = next
        }
      }
    }
  }
}

/// Saves the mean, the factor and the ratio of a row.
private func save(_ row: Int, of x: FloatView, _ form: NormalizedRows, to saved: FloatView) {
  let (start, count) = (row &* form.width, Double(form.width))
  let mean = form.subtractsMean ? x.doubleSum(from: start, count: form.width) / count : 0
  var (scale, ratio) = (1.0, 1.0)
  if form.dividesByDeviation {
    let variance = x.squareSum(around: mean, from: start, count: form.width) / count
    let deviation = variance.squareRoot()
    scale =
      1
      / (form.addsToDeviation ? deviation + form.epsilon : (variance + form.epsilon).squareRoot())
    if form.addsToDeviation, deviation > 0 { ratio = (deviation + form.epsilon) / deviation }
  }
  let place = row &* NormalizedRows.savedWidth
  saved[place] = Float(mean)
  saved[place &+ 1] = Float(mean - Double(saved[place]))
  saved[place &+ 2] = Float(scale)
  saved[place &+ 3] = Float(ratio)
}

/// Writes a run of elements with one weight and one bias.
@inline(__always)
private func write(
  _ factors: RowFactors, _ x: FloatView, to y: FloatView, _ start: Int, _ end: Int, _ weight: Float,
  _ bias: Float
) {
  var index = start
  while index &+ 8 <= end {
    y.store(factors.normalized(x.load8(index)) * weight + bias, index)
    index &+= 8
  }
  while index < end {
    y[index] = factors.normalized(x[index]) * weight + bias
    index &+= 1
  }
}
