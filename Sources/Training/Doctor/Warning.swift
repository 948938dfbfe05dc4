package import YAML

/// A likely problem in a run. The run continues.
package struct Warning: Sendable {
  /// The kinds of problems. Each is reported once, or once for each layer.
  package enum Kind: String, Sendable, CaseIterable {
    case absentClasses = "absent_classes"
    case testedTraining = "tested_training"
    case changedSchedule = "changed_schedule"
    case inputScale = "input_scale"
    case targetScale = "target_scale"
    case equalWeights = "equal_weights"
    case singleValues = "single_values"
    case deadUnits = "dead_units"
    case explodingGradients = "exploding_gradients"
    case stagnantLoss = "still_loss"
    case unrankedTests = "unranked_tests"
    case equalValues = "equal_values"
    case similarLabels = "similar_labels"
    case constantTarget = "constant_target"
    case surplusScores = "surplus_scores"
    case wrongLabels = "wrong_labels"
  }

  package let kind: Kind
  /// The layer that the warning concerns, if any.
  package let layer: String?
  /// The problem, its consequence and advice, with the position in the model file.
  package let diagnostic: Diagnostic

  init(_ kind: Kind, layer: String? = nil, _ message: String, at mark: Mark) {
    self.kind = kind
    self.layer = layer
    diagnostic = Diagnostic(message, at: mark, severity: .warning)
  }

  /// The entry in `run.json`.
  package var record: Node {
    .mapping(
      [("kind", .text(kind.rawValue))] + (layer.map { [("layer", .text($0))] } ?? []) + [
        ("place", .text(diagnostic.mark.description)), ("message", .text(diagnostic.message)),
      ])
  }
}
