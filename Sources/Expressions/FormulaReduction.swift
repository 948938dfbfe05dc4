/// A function that reduces an axis to one value.
package enum FormulaReduction: String, Sendable, CaseIterable {
  case sum
  case mean
}
