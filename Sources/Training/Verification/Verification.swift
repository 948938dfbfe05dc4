internal import YAML

/// What verifying one model came to.
package struct Verification: Sendable {
  package enum Outcome: Sendable {
    /// What was recorded.
    case same
    case different([Difference])
    /// The record was written anew.
    case rewritten
    /// The model says that it is not verified, and why.
    case skipped(String)
    /// There was nothing to compare, and why.
    case failed(RunFailure)
  }

  /// As it was named.
  package let model: String
  package let outcome: Outcome
  /// How it was compared; nil if it was not.
  package let standard: RecordComparison.Standard?
  /// How long the training was; nil if there was none.
  package let iterations: Int?
  /// How long the verification took.
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

  /// One word for tables.
  package var result: String {
    switch outcome {
    case .same: "same"
    case .different: "different"
    case .rewritten: "rewritten"
    case .skipped: "skipped"
    case .failed: "failed"
    }
  }

  /// Why the model is skipped; nil if it is verified.
  package var skipReason: String? {
    if case .skipped(let reason) = outcome { reason } else { nil }
  }

  /// `models/iris.yaml: same, 1.234 s`
  package var line: String {
    "\(model.escapingControls): \(result), \(seconds.fixed(decimals: 3)) s"
  }

  /// What is wrong, a line each; a mistake of the model file takes several.
  package var messages: [String] {
    switch outcome {
    case .same, .rewritten, .skipped: []
    case .different(let differences): differences.map(\.line)
    case .failed(let failure): [failure.rendered]
    }
  }
}
