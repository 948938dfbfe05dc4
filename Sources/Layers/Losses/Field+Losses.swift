internal import Fields

extension Field {
  /// `axis` of a loss or metric.
  static func classAxis(_ path: any WritableKeyPath<Owner, Int> & Sendable) -> Field {
    .optional("axis", path, "The axis of the classes; negative counts from the end.")
  }

  /// `ignore_label`.
  static func ignoredLabel(_ path: any WritableKeyPath<Owner, Int?> & Sendable) -> Field {
    .optional(
      "ignore_label", path, .given(.within(-1_000_000...1_000_000)),
      "The label of positions that do not count. Default: all count.")
  }

  /// `normalization`.
  static func normalization(
    _ path: any WritableKeyPath<Owner, LossNormalization> & Sendable
  ) -> Field {
    .optional(
      "normalization", path,
      "What the sum is divided by: the positions that count, all, the examples, or nothing.")
  }

  /// `log_floor`.
  static func logFloor(_ path: any WritableKeyPath<Owner, Double> & Sendable) -> Field {
    .optional(
      "log_floor", path, .within(0...1),
      "The least probability whose logarithm is taken; a smaller one counts as it.")
  }

  /// Numbers for each class.
  static func classNumbers(
    _ name: String, _ path: any WritableKeyPath<Owner, [Double]?> & Sendable, _ summary: String
  ) -> Field {
    .optional(name, path, .given(.each(.within(0...1e6))), summary)
  }
}
