internal import Fields

extension Field {
  /// The field `axis` of a loss or metric.
  static func classAxis(_ path: any WritableKeyPath<Owner, Int> & Sendable) -> Field {
    .optional("axis", path, "The axis of the classes; negative counts from the end.")
  }

  /// The field `ignore_label`.
  static func ignoredLabel(_ path: any WritableKeyPath<Owner, Int?> & Sendable) -> Field {
    .optional(
      "ignore_label", path, .given(.within(-1_000_000...1_000_000)),
      "The label of the positions to ignore. Default: none are ignored.")
  }

  /// The field `normalization`.
  static func normalization(
    _ path: any WritableKeyPath<Owner, LossNormalization> & Sendable
  ) -> Field {
    .optional(
      "normalization", path,
      "The divisor of the sum: positions that are not ignored, all positions, examples, or 1.")
  }

  /// The field `log_floor`.
  static func logFloor(_ path: any WritableKeyPath<Owner, Double> & Sendable) -> Field {
    .optional(
      "log_floor", path, .within(0...1),
      "The least probability in a logarithm; it replaces smaller probabilities.")
  }

  /// A field with one number for each class.
  static func classNumbers(
    _ name: String, _ path: any WritableKeyPath<Owner, [Double]?> & Sendable, _ summary: String
  ) -> Field {
    .optional(name, path, .given(.each(.within(0...1e6))), summary)
  }
}
