/// The division of an example into normalized rows, and the assignment of parameters to elements.
package struct NormalizedRows: Sendable, Hashable {
  /// The rows of the slice, each with `width` contiguous elements.
  package let rows: Int
  package let width: Int
  /// The number of factors or offsets, which repeat along the rows. 0 if there are none.
  package let parameters: Int
  /// The contiguous elements that share one factor.
  package let span: Int
  /// The term that is added to the variance, or to the deviation if `addsToDeviation`.
  package let epsilon: Double
  package let addsToDeviation: Bool
  /// False if the mean square replaces the variance and no mean is subtracted.
  package let subtractsMean: Bool
  /// False if only the mean is subtracted.
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

  /// The saved numbers of a row: its mean as a sum of two floats, the factor 1/(σ + …), and (σ +
  /// ε)/σ.
  package static let savedWidth = 4

  var count: Int { rows * width }

  /// True if each element of a row has its own parameter.
  var hasParameterPerElement: Bool { span == 1 && width == parameters }

  /// Returns the parameter of the element at `index`.
  @inline(__always)
  func parameter(_ index: Int) -> Int { index / span % parameters }
}
