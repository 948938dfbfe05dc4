package import Fields
package import Solvers
package import YAML

/// A model file's `solver:`: the method, rate and length of training.
///
///     solver:
///       type: SGD
///       base_lr: 0.1
///       momentum: 0.9
///       max_epochs: 10
///
/// An update processes the accumulated gradient in Caffe's order: clip it, divide it by
/// `iter_size`, add the decay, and apply the solver's rule. Then it bounds rows and updates the
/// averages. The solver's own fields (`momentum`) are part of the same mapping.
package struct SolverDeclaration: FieldOwner {
  package var solver: any Solver = SGD()
  package var baseRate = 0.01
  package var policy = PolicyField(Fixed())
  package var policyLength: Duration?
  package var warmup: Warmup?
  package var weightDecay = 0.0
  package var regularizer = RegularizerField(L2())
  package var clipGradients: Double?
  package var iterationSize = 1
  package var maxIterations: Duration?
  package var maxEpochs: Int?
  package var testInterval = Duration.epochs(1)
  package var display = 1
  package var snapshot = SnapshotInterval.automatic
  package var snapshotOn: SnapshotMoment?
  package var shards: Int?
  package var showsRegularization = false
  package var averageKept: Double?
  package var earlyStop: EarlyStop?
  package var best: BestRule?
  /// The mapping that states the solver.
  package private(set) var node = Node.mapping([])

  package init() {}

  package static let fields: [Field<SolverDeclaration>] = [
    .required("base_lr", \.baseRate, .within(0...1e6), "Learning rate before the policy."),
    .optional("lr_policy", \.policy, "The learning rate as a function of the iteration."),
    .optional(
      "lr_length", \.policyLength, role: .length,
      "Length of a policy that otherwise ends with the training. After this length, the rate stays "
        + "constant. Default: the whole training."),
    .optional(
      "warmup", \.warmup,
      "A factor of the rate that rises to 1 in the first iterations. Default: none."),
    .optional(
      "weight_decay", \.weightDecay, .within(0...1e6),
      "Strength of the regularizer, on weights and biases."),
    .optional("regularization_type", \.regularizer, "The penalty that weight_decay scales."),
    .optional(
      "clip_gradients", \.clipGradients, .given(.above(0)),
      "Greatest norm of the whole gradient. A greater one is scaled down. Default: no limit."),
    .optional(
      "iter_size", \.iterationSize, .within(1...1_000_000),
      "Batches whose gradients are accumulated for one update."),
    .optional(
      "max_iter", \.maxIterations, role: .length, "Length of the training: iterations, or N epochs."
    ),
    .optional(
      "max_epochs", \.maxEpochs, .given(.within(1...1_000_000_000)), role: .length,
      "Length of the training in passes over the examples."),
    .optional(
      "test_interval", \.testInterval, role: .length,
      "Interval between two tests. Training ends with a test."),
    .optional(
      "display", \.display, .within(1...1_000_000_000), role: .presentation,
      "Iterations between two rows of the history."),
    .optional(
      "snapshot", \.snapshot, role: .presentation,
      "Interval between two checkpoints, from which --resume continues. The training also ends with "
        + "a checkpoint. auto: every 10 minutes, and at the end of a training of at least 10 minutes. "
        + "none: only on a signal."),
    .optional(
      "snapshot_on", \.snapshotOn, role: .presentation,
      "best: an additional checkpoint after each test that is the best so far. Default: none."),
    .optional(
      "shards", \.shards, .given(.within(1...256)),
      "Slices of a batch, which threads share. Default: depends on the work of a step."),
    .optional(
      "show_regularization", \.showsRegularization,
      "Whether the history shows the regularizer's part of the objective."),
    .optional(
      "ema", \.averageKept, .given(.within(0..<1)),
      "Decay of a moving average of the weights: the part that each update keeps. Tests and files "
        + "use the average. Default: no average."),
    .optional(
      "early_stop", \.earlyStop,
      "Ends training when a metric no longer improves. Default: never."),
    .optional(
      "best", \.best,
      "The score that selects the best test. Default: the first metric with a known direction, or "
        + "otherwise the sum of the losses."),
  ]

  package var inconsistency: String? {
    Regularization.inconsistency(regularizer.value, weightDecay)
      ?? policy.value.inconsistency(base: baseRate)
  }

  package var idleFields: [IdleField] {
    let value = policy.value
    return value.endsWithTraining
      ? []
      : [
        IdleField(
          "lr_length",
          since: "'\(type(of: value).reference.name)' does not end with the training")
      ]
  }

  /// Whether training writes checkpoints at stated moments, independent of the elapsed time.
  package var writesCheckpoints: Bool { snapshot.duration != nil || snapshotOn != nil }

  /// Returns which values of a score are better.
  ///
  /// The stated mode of `best` applies to the score that `best` follows. Otherwise the score's own
  /// direction applies. Nil when neither is known.
  package func direction(of score: ReportedScore) -> MetricDirection? {
    (best?.metric == score.column ? best?.mode : nil) ?? score.direction
  }

  /// The length of training.
  package var length: Duration {
    maxIterations ?? .epochs(maxEpochs ?? 1)
  }

  /// The field that states the length.
  package var lengthField: String { maxIterations == nil ? "max_epochs" : "max_iter" }

  /// The place that states the length.
  package var lengthMark: Mark { mark(of: lengthField) }

  /// Returns the place of a field. Without the field, it is the solver's place.
  package func mark(of field: String) -> Mark { (node[field] ?? node).mark }

  /// Reads the solver with its own fields. Nil when it contains a mistake, which has been reported.
  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> SolverDeclaration? {
    guard var reader = FieldReader(node, of: "solver", &diagnostics) else { return nil }
    reader.allow(["type"])
    var declaration = SolverDeclaration()
    declaration.node = node
    reader.read(into: &declaration, &diagnostics)
    // Counts stated fields, so that this mistake is reported together with mistakes in the values.
    let lengths = ["max_iter", "max_epochs"].count { !(node[$0]?.isNull ?? true) }
    if lengths != 1 {
      diagnostics.error(
        "solver: expected either max_iter or max_epochs, received "
          + (lengths == 0 ? "neither" : "both"), at: node.mark)
    }
    // The type is optional.
    let typed = node["type"] == nil ? nil : node
    if let typed {
      guard let entry = SolverCatalog.all.entry(of: typed, subject: "solver", &diagnostics) else {
        return nil
      }
      declaration.solver = entry.decode(&reader, &diagnostics)
    } else {
      var solver = SGD()
      reader.read(into: &solver, &diagnostics)
      declaration.solver = solver
    }
    reader.finish(&diagnostics)
    return reader.isValid && lengths == 1 ? declaration : nil
  }

  package var encoded: Node { Node(.mapping(solver.encodedEntry + encodedFields)) }
}
