package import Fields

/// rate = base_lr
///
/// This is the default policy.
package struct Fixed: LearningRatePolicy {
  package init() {}

  package static let reference = Reference(
    "fixed", formula: "rate = base_lr", discussion: "The same rate throughout.",
    example: "fixed")

  package static let fields: [Field<Fixed>] = []

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double { base }
}
