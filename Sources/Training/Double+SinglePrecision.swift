internal import YAML

extension Double {
  /// The shortest decimal that parses to the same single-precision value.
  ///
  /// A NaN is printed as `nan`. Its sign depends on the instructions that produced it and has no
  /// meaning.
  package var singlePrecision: String { isNaN ? "nan" : "\(Float(self))" }
}

extension Double {
  /// The value rounded to four significant digits, in single precision.
  var brief: String {
    guard isFinite else { return singlePrecision }
    return DecimalNumber(rounding: self, digits: 4).value.singlePrecision
  }
}
