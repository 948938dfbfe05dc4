/// A transform that maps each value of the inputs by a linear function of its own.
///
/// The values are computed in double precision. They are rounded to float32 once, after the last of
/// several linear transforms in a row: see ``LinearRun``.
package protocol LinearTransform: Transform {
  /// Returns the steps for each value of an input.
  ///
  /// - Parameter statistics: the learned statistics of this input, for ``Standardize``.
  func steps(for top: DataTop, _ statistics: Standardization?) -> [LinearRun.Step]
}
