package import Fields

/// rate = base_lr + (end_lr − base_lr) · iteration / length
///
/// After `length` iterations the rate stays at end_lr.
package struct LinearDecay: LearningRatePolicy {
  /// The rate at the end.
  var end = 0.0
  /// The length of the decay. Nil means the whole training.
  var length: Duration?

  package init() {}

  package static let reference = Reference(
    "linear", formula: "rate = base_lr + (end_lr − base_lr) · iteration / length",
    discussion: "The rate is end_lr at the end of the training, or after length iterations.",
    example: "{type: linear, end_lr: 0.001}")

  package static let fields: [Field<LinearDecay>] = [
    .optional("end_lr", \.end, .within(0...1e6), "The rate at the end."),
    .optional("length", \.length, lengthSummary),
  ]

  package var endsWithTraining: Bool { length == nil }

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    let part = share(iteration, of: training.iterations(in: length))
    return base * (1 - part) + end * part
  }
}
