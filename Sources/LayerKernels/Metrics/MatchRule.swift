/// The rule that decides whether a prediction with equal scores is right.
package struct MatchRule: Sendable {
  let topCount: Int
  /// True if all scores equal to the label's score rank before it. False if only those of lower
  /// classes do, as in argmax.
  let losesTies: Bool

  package init(topCount: Int = 1, losesTies: Bool = false) {
    self.topCount = topCount
    self.losesTies = losesTies
  }
}
