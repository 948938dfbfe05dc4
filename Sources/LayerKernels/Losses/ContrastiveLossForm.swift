/// The form of a contrastive loss for dissimilar pairs with distance d.
package struct ContrastiveLossForm: Sendable {
  let margin: Double
  /// True for max(margin − d², 0), false for max(margin − d, 0)².
  let isLegacy: Bool

  package init(margin: Double, isLegacy: Bool) {
    self.margin = margin
    self.isLegacy = isLegacy
  }

  /// Returns twice the loss of a pair with a squared distance.
  @inline(__always)
  func loss(_ squared: Double, isSimilar: Bool) -> Double {
    if isSimilar { return squared }
    if isLegacy { return squared < margin ? margin - squared : 0 }
    let shortfall = margin - squared.squareRoot()
    return shortfall > 0 ? shortfall * shortfall : 0
  }

  /// Returns the factor of a − b in the gradient of half that loss by a.
  @inline(__always)
  func slope(_ squared: Double, isSimilar: Bool) -> Double {
    if isSimilar { return 1 }
    if isLegacy { return squared < margin ? -1 : 0 }
    let distance = squared.squareRoot()
    // Equal points have no direction.
    return distance > 0 && distance < margin ? (distance - margin) / distance : 0
  }
}
