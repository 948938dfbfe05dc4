/// What a contrastive loss makes of pairs that do not belong together, d being their distance.
package struct ContrastForm: Sendable {
  let margin: Double
  /// max(margin − d², 0) in place of max(margin − d, 0)².
  let isLegacy: Bool

  package init(margin: Double, isLegacy: Bool) {
    self.margin = margin
    self.isLegacy = isLegacy
  }

  /// Twice the loss of a pair at a squared distance.
  @inline(__always)
  func loss(_ squared: Double, isSimilar: Bool) -> Double {
    if isSimilar { return squared }
    if isLegacy { return squared < margin ? margin - squared : 0 }
    let shortfall = margin - squared.squareRoot()
    return shortfall > 0 ? shortfall * shortfall : 0
  }

  /// The factor of a − b in the gradient by a of half that loss.
  @inline(__always)
  func slope(_ squared: Double, isSimilar: Bool) -> Double {
    if isSimilar { return 1 }
    if isLegacy { return squared < margin ? -1 : 0 }
    let distance = squared.squareRoot()
    // Between equal points there is no direction.
    return distance > 0 && distance < margin ? (distance - margin) / distance : 0
  }
}
