/// What makes one value of several along an axis.
enum FormulaReduction: String, Sendable, CaseIterable {
  case sum
  case mean
}
