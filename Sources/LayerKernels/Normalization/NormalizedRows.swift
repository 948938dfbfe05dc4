/// How an example falls into rows that are normalized, and where its factors stand.
package struct NormalizedRows: Sendable, Hashable {
  /// Rows of the slice, each of `width` contiguous elements.
  package let rows: Int
  package let width: Int
  /// Factors, and offsets, that repeat from one run of rows to the next; 0: there are none.
  package let parameters: Int
  /// Contiguous elements that share one factor.
  package let span: Int
  /// Added to the variance, or to the deviation where `addsToDeviation`.
  package let epsilon: Double
  package let addsToDeviation: Bool
  /// False: the mean square takes the variance's place, and no mean is taken away.
  package let subtractsMean: Bool
  /// False: the mean alone is taken away.
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

  /// What is kept of a row: its mean as two floats whose sum it is, the factor 1/(σ + …), and (σ + ε)/σ.
  package static let savedWidth = 4

  var count: Int { rows * width }

  /// Whether each element of a row has a parameter of its own.
  var hasParameterPerElement: Bool { span == 1 && width == parameters }

  /// The parameter of the element at `index`.
  @inline(__always)
  func parameter(_ index: Int) -> Int { index / span % parameters }
}
