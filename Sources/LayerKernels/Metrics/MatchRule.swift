/// What counts as right, among scores that may be equal.
package struct MatchRule: Sendable {
  let topCount: Int
  /// Of scores equal to the label's class all count as greater; otherwise those of lower classes, as argmax has it.
  let losesTies: Bool

  package init(topCount: Int = 1, losesTies: Bool = false) {
    self.topCount = topCount
    self.losesTies = losesTies
  }
}
