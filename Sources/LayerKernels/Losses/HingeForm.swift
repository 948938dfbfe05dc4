/// A hinge loss of a position with label y: Σ over classes of m or m² for each m > 0.
package struct HingeForm: Sendable {
  package enum Comparison: Sendable {
    /// m_j = margin − t_j·s_j, with t_y = 1 and t_j = −1 for the other classes.
    case oneAgainstAll
    /// m_j = margin + s_j − s_y for j ≠ y, which compares each wrong class with the right one.
    case pairwise
  }

  let comparison: Comparison
  let isSquared: Bool
  let margin: Double

  package init(_ comparison: Comparison, isSquared: Bool, margin: Double) {
    self.comparison = comparison
    self.isSquared = isSquared
    self.margin = margin
  }

  /// Returns m_j of class `j`. Nil if the loss does not compare it.
  @inline(__always)
  func shortfall(_ score: Double, isLabel: Bool, right: Double) -> Double? {
    switch comparison {
    case .oneAgainstAll: isLabel ? margin - score : margin + score
    case .pairwise: isLabel ? nil : margin + score - right
    }
  }
}
