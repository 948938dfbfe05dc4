package import Files
internal import YAML

/// The result of verifying one model.
package struct Verification: Sendable {
  package enum Outcome: Sendable {
    /// The results equal the record.
    case same
    case different([Difference])
    /// The record was replaced.
    case rewritten
    /// The model states that it is not verified, with this reason.
    case skipped(String)
    /// The comparison was impossible.
    case failed(RunFailure)
  }

  /// The model's path as the user named it.
  package let model: String
  package let outcome: Outcome
  /// The standard of the comparison. Nil without a comparison.
  package let standard: RecordComparison.Standard?
  /// The iterations of the training. Nil without a training.
  package let iterations: Int?
  /// The duration of the verification.
  package internal(set) var seconds = 0.0

  init(
    _ model: String, _ outcome: Outcome, _ standard: RecordComparison.Standard? = nil,
    iterations: Int? = nil
  ) {
    self.model = model
    self.outcome = outcome
    self.standard = standard
    self.iterations = iterations
  }

  package var isPassed: Bool { exitCode == 0 }

  package var exitCode: Int32 {
    switch outcome {
    case .same, .rewritten, .skipped: 0
    case .different: RunFailure.unmet("").exitCode
    case .failed(let failure): failure.exitCode
    }
  }

  /// The result in one word, for tables.
  package var result: String {
    switch outcome {
    case .same: "same"
    case .different: "different"
    case .rewritten: "rewritten"
    case .skipped: "skipped"
    case .failed: "failed"
    }
  }

  /// The reason why the model is skipped. Nil when it is verified.
  package var skipReason: String? {
    if case .skipped(let reason) = outcome { reason } else { nil }
  }

  /// The result on one line: `models/iris.yaml: same, 1.234 s`.
  package var line: String {
    "\(model.escapingControls): \(result), \(seconds.fixed(decimals: 3)) s"
  }

  /// The messages about differences and failures. A mistake of the model file has several lines.
  package var messages: [String] {
    switch outcome {
    case .same, .rewritten, .skipped: []
    case .different(let differences): differences.map(\.line)
    case .failed(let failure): [failure.rendered]
    }
  }
}
