/// What a hinge loss sums over the classes of a position, of label y: m or m² of each margin m above 0.
package struct HingeForm: Sendable {
  package enum Comparison: Sendable {
    /// m_j = margin − t_j·s_j, with t_y = 1 and t_j = −1 for the others: each class against 0.
    case oneAgainstAll
    /// m_j = margin + s_j − s_y for j ≠ y: each wrong class against the right one.
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

  /// By how much class `j` falls short; nil if there is nothing to compare.
  @inline(__always)
  func shortfall(_ score: Double, isLabel: Bool, right: Double) -> Double? {
    switch comparison {
    case .oneAgainstAll: isLabel ? margin - score : margin + score
    case .pairwise: isLabel ? nil : margin + score - right
    }
  }
}
