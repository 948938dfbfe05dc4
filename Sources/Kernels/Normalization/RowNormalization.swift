/// How an example falls into rows that are normalized, and where its factors stand.
package struct NormalizedRows: Sendable, Hashable {
  /// Rows of the slice, each of `width` contiguous elements.
  package let rows: Int
  package let width: Int
  /// Factors, and offsets, that repeat from one run of rows to the next; 0: there are none.
  package let parameters: Int
  /// Contiguous elements that share one factor.
  package let span: Int
  /// Added to the variance, or to the deviation where `addsToDeviation`.
  package let epsilon: Double
  package let addsToDeviation: Bool
  /// False: the mean square takes the variance's place, and no mean is taken away.
  package let subtractsMean: Bool
  /// False: the mean alone is taken away.
  package let dividesByDeviation: Bool

  package init(
    rows: Int, width: Int, parameters: Int = 0, span: Int = 1, epsilon: Double,
    addsToDeviation: Bool = false, subtractsMean: Bool = true, dividesByDeviation: Bool = true
  ) {
    self.rows = rows
    self.width = width
    self.parameters = parameters
    self.span = span
    self.epsilon = epsilon
    self.addsToDeviation = addsToDeviation
    self.subtractsMean = subtractsMean
    self.dividesByDeviation = dividesByDeviation
  }

  /// What is kept of a row: its mean as two floats whose sum it is, the factor 1/(σ + …), and (σ + ε)/σ.
  package static let savedWidth = 4

  var count: Int { rows * width }

  /// The parameter of the element at `index`.
  @inline(__always)
  func parameter(_ index: Int) -> Int { index / span % parameters }
}

/// y = (x − μ)/√(σ² + ε) · weight + bias, μ and σ² being a row's own.
///
/// Mean and variance are sums in double precision, the variance of the differences from the mean: a row of mean 1000
/// loses nothing.
package struct RowNormalization: Kernel {
  private let form: NormalizedRows
  private let x: FloatView
  private let weight: FloatView?
  private let bias: FloatView?
  private let y: FloatView
  private let saved: FloatView

  /// - Parameter saved: for each row what its gradient needs.
  package init(
    _ form: NormalizedRows, _ x: FloatView, weight: FloatView?, bias: FloatView?, to y: FloatView,
    saved: FloatView
  ) {
    self.form = form
    self.x = x.checked(form.count)
    self.weight = weight?.checked(form.parameters)
    self.bias = bias?.checked(form.parameters)
    self.y = y.checked(form.count)
    self.saved = saved.checked(form.rows * NormalizedRows.savedWidth)
  }

  package func run() {
    for row in 0..<form.rows { normalize(row) }
  }

  private func normalize(_ row: Int) {
    let (start, count) = (row &* form.width, Double(form.width))
    let mean = form.subtractsMean ? x.doubleSum(from: start, count: form.width) / count : 0
    var (scale, ratio) = (1.0, 1.0)
    if form.dividesByDeviation {
      let variance = x.squareSum(around: mean, from: start, count: form.width) / count
      let deviation = variance.squareRoot()
      scale =
        1
        / (form.addsToDeviation
          ? deviation + form.epsilon : (variance + form.epsilon).squareRoot())
      if form.addsToDeviation, deviation > 0 { ratio = (deviation + form.epsilon) / deviation }
    }
    let high = Float(mean)
    let low = Float(mean - Double(high))
    let factor = Float(scale)
    let place = row &* NormalizedRows.savedWidth
    saved[place] = high
    saved[place &+ 1] = low
    saved[place &+ 2] = factor
    saved[place &+ 3] = Float(ratio)
    write(start, high, low, factor)
  }

  @inline(__always)
  private func write(_ start: Int, _ high: Float, _ low: Float, _ factor: Float) {
    let end = start &+ form.width
    guard form.parameters > 0 else {
      writeRun(start, end, high, low, factor, 1, 0)
      return
    }
    guard form.span == 1, form.width == form.parameters else {
      var index = start
      while index < end {
        let parameter = form.parameter(index)
        let next = min(end, index &+ form.span)
        writeRun(
          index, next, high, low, factor, weight?[parameter] ?? 1, bias?[parameter] ?? 0)
        index = next
      }
      return
    }
    var index = 0
    while index &+ 8 <= form.width {
      var value = ((x.load8(start &+ index) - high) - low) * factor
      if let weight { value *= weight.load8(index) }
      if let bias { value += bias.load8(index) }
      y.store(value, start &+ index)
      index &+= 8
    }
    while index < form.width {
      let value = ((x[start &+ index] - high) - low) * factor
      y[start &+ index] = value * (weight?[index] ?? 1) + (bias?[index] ?? 0)
      index &+= 1
    }
  }

  /// A run of elements with one weight and bias.
  @inline(__always)
  private func writeRun(
    _ start: Int, _ end: Int, _ high: Float, _ low: Float, _ factor: Float, _ weight: Float,
    _ bias: Float
  ) {
    var index = start
    while index &+ 8 <= end {
      y.store(((x.load8(index) - high) - low) * factor * weight + bias, index)
      index &+= 8
    }
    while index < end {
      y[index] = ((x[index] - high) - low) * factor * weight + bias
      index &+= 1
    }
  }
}

extension View where Element == Float {
  /// Σ x of `count` elements from `start` on, in double precision: two sums of eight in turn.
  @inline(__always)
  func doubleSum(from start: Int, count: Int) -> Double {
    var (even, odd) = (SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0))
    var index = start
    let end = start &+ count
    while index &+ 16 <= end {
      even += SIMD8<Double>(load8(index))
      odd += SIMD8<Double>(load8(index &+ 8))
      index &+= 16
    }
    var sum = (even + odd).sum()
    while index < end {
      sum += Double(self[index])
      index &+= 1
    }
    return sum
  }

  /// Σ (x − mean)² of `count` elements from `start` on, in double precision.
  @inline(__always)
  func squareSum(around mean: Double, from start: Int, count: Int) -> Double {
    var (even, odd) = (SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0))
    var index = start
    let end = start &+ count
    while index &+ 16 <= end {
      let first = SIMD8<Double>(load8(index)) - mean
      let second = SIMD8<Double>(load8(index &+ 8)) - mean
      even += first * first
      odd += second * second
      index &+= 16
    }
    var sum = (even + odd).sum()
    while index < end {
      let difference = Double(self[index]) - mean
      sum += difference * difference
      index &+= 1
    }
    return sum
  }
}
