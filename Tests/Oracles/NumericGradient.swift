/// Returns the derivative of Σ weights · f(x) by each element of x. Uses central differences in
/// double precision.
package func numericGradient(
  at x: [Double], weights: [Double], step: Double = 1e-5, _ f: ([Double]) -> [Double]
) -> [Double] {
  func objective(_ x: [Double]) -> Double { zip(f(x), weights).reduce(0) { $0 + $1.0 * $1.1 } }
  return x.indices.map { index in
    var (low, high) = (x, x)
    low[index] -= step
    high[index] += step
    return (objective(high) - objective(low)) / (2 * step)
  }
}

/// Describes the first difference between two lists of numbers. Nil if they agree.
///
/// - Parameter tolerance: the largest difference, relative to the greatest magnitude or to 1.
package func difference(_ values: [Float], _ expected: [Double], _ tolerance: Double = 1e-5)
  -> String?
{
  guard values.count == expected.count else { return "\(values.count) of \(expected.count)" }
  let scale = expected.reduce(1) { max($0, abs($1)) }
  for (index, (value, number)) in zip(values, expected).enumerated()
  where !(abs(Double(value) - number) <= tolerance * scale) {
    return "element \(index) is \(value) and not \(number)"
  }
  return nil
}
