internal import Glibc

/// An exact decimal number: `significand · 10^exponent`.
package struct DecimalNumber: Sendable, Equatable {
  package let significand: Int
  package let exponent: Int

  package init(significand: Int, exponent: Int) {
    self.significand = significand
    self.exponent = exponent
  }

  /// Rounds a finite `value` to at most `digits` significant digits, without trailing zeros.
  package init(rounding value: Double, digits: Int) {
    guard value != 0, value.isFinite else {
      self.init(significand: 0, exponent: 0)
      return
    }
    // Divides by two factors, because one power of ten can exceed the range of doubles.
    var exponent = Int(log10(value.magnitude).rounded(.down)) - digits + 1
    let half = exponent / 2
    let scaled = value / pow(10, Double(half)) / pow(10, Double(exponent - half))
    var significand = Int(scaled.rounded())
    while significand != 0, significand.isMultiple(of: 10) {
      significand /= 10
      exponent += 1
    }
    self.init(significand: significand, exponent: exponent)
  }

  /// Returns a product that the caller knows to fit.
  package func multiplied(by factor: Int) -> DecimalNumber {
    DecimalNumber(significand: significand * factor, exponent: exponent)
  }

  /// The nearest double.
  package var value: Double { Double("\(significand)e\(exponent)") ?? 0 }

  /// The number without an exponent: `0.25`, `1,000`.
  package var plain: String {
    guard significand != 0 else { return "0" }
    let sign = significand < 0 ? "-" : ""
    let digits = String(significand.magnitude)
    guard exponent < 0 else {
      return sign + grouping(digits + String(repeating: "0", count: exponent))
    }
    let padding = String(repeating: "0", count: max(0, 1 - exponent - digits.utf8.count))
    let padded = padding + digits
    return "\(sign)\(grouping(String(padded.dropLast(-exponent)))).\(padded.suffix(-exponent))"
  }

  /// The number with an exponent: `2.5e-7`.
  package var scientific: String {
    guard significand != 0 else { return "0" }
    let digits = String(significand.magnitude)
    let rest = digits.dropFirst()
    let fraction = rest.dropLast(rest.reversed().prefix { $0 == "0" }.count)
    return (significand < 0 ? "-" : "") + digits.prefix(1)
      + (fraction.isEmpty ? "" : ".\(fraction)") + "e\(exponent + rest.count)"
  }

  /// The form that is easier to read.
  package var text: String {
    let leadingExponent = exponent + String(significand.magnitude).utf8.count - 1
    return significand == 0 || (-4..<7).contains(leadingExponent) ? plain : scientific
  }
}

extension BinaryInteger {
  /// The number in groups of three digits: `12,345`.
  package var grouped: String { (self < 0 ? "-" : "") + grouping(String(magnitude)) }
}

private func grouping(_ digits: String) -> String {
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.utf8.count - index).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return text
}
