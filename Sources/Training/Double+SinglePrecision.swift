internal import Glibc

extension Double {
  /// The shortest decimal that reads back as the same single-precision value.
  ///
  /// A NaN is `nan`: its sign depends on the instructions that made it, and means nothing.
  package var singlePrecision: String { isNaN ? "nan" : "\(Float(self))" }
}

extension Double {
  /// The value to four digits, as single precision has it.
  var brief: String {
    guard isFinite, self != 0 else { return singlePrecision }
    let power = pow(10, 3 - floor(log10(magnitude)))
    return power.isFinite ? ((self * power).rounded() / power).singlePrecision : singlePrecision
  }
}
