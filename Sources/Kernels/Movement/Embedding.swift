/// The row that a number names, if it is an integer from 0 to below `count`.
@inline(__always)
private func row(_ number: Float, of count: Int) -> Int? {
  guard number >= 0, number < Float(count), number.rounded(.towardZero) == number else {
    return nil
  }
  return Int(number)
}

/// y[i] = weight[x[i]] + bias, rows of `width` elements.
///
/// A number that names no row gives a row of NaN: training then stops, and says where.
///
/// - Parameter rows: of the weight.
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

/// ∂weight[r] = Σ ∂y[i] over the i whose x is r, in their order.
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
