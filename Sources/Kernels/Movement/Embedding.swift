/// Returns the row that a number selects. Nil if it is not an integer in 0..<count.
@inline(__always)
private func row(_ number: Float, of count: Int) -> Int? {
  guard number >= 0, number < Float(count), number.rounded(.towardZero) == number else {
    return nil
  }
  return Int(number)
}

/// y[i] = weight[x[i]] + bias, with rows of `width` elements.
///
/// A number that selects no row produces a row of NaN. Training then stops and reports where.
///
/// - Parameter rows: the rows of the weight.
package func embedding(
  _ x: FloatView, weight: FloatView, bias: FloatView?, rows: Int, width: Int, to y: FloatView
) -> some Kernel {
  let (weight, bias) = (weight.checked(rows * width), bias?.checked(width))
  let y = y.checked(x.count * width)
  return PreparedLoop {
    for index in 0..<x.count {
      let target = index &* width
      guard let row = row(x[index], of: rows) else {
        for column in 0..<width { y[target &+ column] = .nan }
        continue
      }
      let source = row &* width
      guard let bias else {
        y.copy(width, of: weight, from: source, to: target)
        continue
      }
      for column in 0..<width { y[target &+ column] = weight[source &+ column] + bias[column] }
    }
  }
}

/// ∂weight[r] = Σ ∂y[i] over all i with x[i] = r, in order.
package func embeddingGradient(
  _ x: FloatView, dy: FloatView, rows: Int, width: Int, to weightGradient: FloatView
) -> some Kernel {
  let dy = dy.checked(x.count * width)
  let weightGradient = weightGradient.checked(rows * width)
  return PreparedLoop {
    for index in 0..<rows * width { weightGradient[index] = 0 }
    for index in 0..<x.count {
      guard let row = row(x[index], of: rows) else { continue }
      let (target, source) = (row &* width, index &* width)
      for column in 0..<width {
        weightGradient[target &+ column] += dy[source &+ column]
      }
    }
  }
}
