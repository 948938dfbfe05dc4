package import Plans

/// A layer that computes a number for training to minimize.
///
/// The objective is the sum of all losses and other weighted tops, each times its `loss_weight`.
package protocol Loss: Scoring {
  /// The bottoms that cannot have a gradient, with their names in messages.
  var constantBottoms: [(bottom: Int, name: String)] { get }

  /// True if the loss gives no gradient to examples that are right enough, such as those beyond a
  /// margin.
  var hasFlatRegion: Bool { get }

  /// True if the targets are values and the loss grows with their magnitude.
  var growsWithTargets: Bool { get }

  /// Records the gradients of `weight` times the loss.
  func backward(
    _ pass: inout BackwardPass, weight: Double, _ kept: Kept, _ plan: inout PlanBuilder)
}

extension Loss {
  package var kind: LayerKind { .loss(self) }
  package var constantBottoms: [(bottom: Int, name: String)] {
    classScoring == nil ? [] : [(1, "labels")]
  }
  package var hasFlatRegion: Bool { false }
  package var growsWithTargets: Bool { false }

  package func backward(_ pass: inout BackwardPass, _ kept: Kept, _ plan: inout PlanBuilder) {
    backward(&pass, weight: 1, kept, &plan)
  }
}
