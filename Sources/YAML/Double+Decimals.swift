extension Double {
  /// The number with exactly `decimals` digits after the point: `0.050`. Negative numbers become 0.
  /// Infinity and NaN become `-`.
  package func fixed(decimals: Int) -> String {
    guard isFinite else { return "-" }
    let digits = "\(Int64(min(max(self * Double.power(decimals), 0), 1e15).rounded()))"
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// The nearest number with at most `decimals` digits after the point: `0.05`.
  package func rounded(decimals: Int) -> String {
    let factor = Double.power(decimals)
    return "\((self * factor).rounded() / factor)"
  }

  private static func power(_ decimals: Int) -> Double {
    (0..<decimals).reduce(1) { power, _ in power * 10 }
  }
}
