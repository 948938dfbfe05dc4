extension Double {
  /// The shortest decimal that reads back as the same single-precision value.
  ///
  /// A NaN is `nan`: its sign depends on the instructions that made it, and means nothing.
  package var singlePrecision: String { isNaN ? "nan" : "\(Float(self))" }
}
