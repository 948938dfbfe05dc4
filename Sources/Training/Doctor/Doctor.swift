package import DataSources
package import Files
package import ModelFiles
internal import Networks
internal import YAML

/// Observes training and warns of likely problems.
///
/// The doctor reads parameters, gradients and the history between two steps, and changes nothing.
/// It draws no random numbers and reads no clock, and the training does not depend on it. Its
/// memory is small: a byte for each unit before a ReLU, and a number for each parameter. It
/// allocates this memory before the first step, and inspects only the updates that
/// ``InspectionSchedule`` selects.
package final class Doctor {
  package private(set) var warnings: [Warning] = []
  /// The next update to inspect, counted from 0.
  private(set) var nextInspection = 0
  private let model: PreparedModel
  /// The parameters and gradients to inspect.
  private let store: ParameterStore
  private let update: UpdatePlan
  private let schedule: InspectionSchedule
  /// The check of the loss. Nil for a resumed run, or one that begins with trained weights, because
  /// its loss may have converged.
  private var stagnantLoss: StagnantLoss?
  private var deadUnits: DeadUnits
  /// The check of gradients. Nil when gradients are clipped.
  private var gradients: GradientNorm?

  /// Allocates the memory.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` when the memory is not available.
  package init(of trainer: Trainer) throws(RunFailure) {
    model = trainer.model
    (store, update) = (trainer.store, trainer.update)
    let (solver, order) = (model.file.solver, trainer.trainingSource.epochOrder)
    schedule = InspectionSchedule(
      batchesPerEpoch: order.batchCount, iterationSize: solver.iterationSize)
    stagnantLoss = StagnantLoss(trainer.schedule, solver, order)
    deadUnits = try DeadUnits(
      model.training, update, store, order, iterationSize: solver.iterationSize)
    if solver.clipGradients == nil {
      gradients = try GradientNorm(
        update, count: store.parameters.count, iterationSize: solver.iterationSize)
    }
  }

  /// Inspects the data and the weights before training, and attaches the doctor to the trainer.
  ///
  /// - Parameter hasWeights: whether the run begins with weights from a file.
  package func begin(
    _ trainer: Trainer, train: Dataset, test: Dataset?, hasWeights: Bool
  ) {
    trainer.doctor = self
    let done = trainer.update.count
    nextInspection = schedule.next(from: done)
    warnings += DataWarnings.warnings(
      model, train: train, test: test, ignored: model.ignoredLabels)
    warnings += SingleValueBatches.warnings(model.training, exampleCount: train.count)
    warnings += SingleValueBatches.warnings(
      model.testing, exampleCount: test?.count ?? train.count)
    if let test,
      let warning = TestedTraining.warning(model.file.data, train: train, test: test)
    {
      warnings.append(warning)
    }
    if done > 0 || hasWeights { stagnantLoss = nil }
    if done == 0 {
      if !hasWeights { warnings += ValueScales.warnings(model, store, train: train) }
      warnings += EqualWeights.warnings(model.training, store, isGiven: hasWeights)
    }
  }

  /// Compares the schedule of a resumed run with its previous one.
  ///
  /// - Parameter before: the model file of the checkpoint.
  package func compare(_ trainer: Trainer, with before: ModelFile) {
    let warning = ChangedSchedule.warning(
      model.file, before: before, iteration: trainer.update.count,
      exampleCount: trainer.trainingSource.dataset.count)
    if let warning { warnings.append(warning) }
  }

  /// Inspects the gradients of update ``nextInspection``, before the update.
  ///
  /// - Parameters:
  ///   - loss: the mean loss of the update's batches.
  ///   - history: the previous updates.
  func inspect(loss: Double, _ history: History) {
    let iteration = nextInspection
    nextInspection = schedule.next(from: iteration + 1)
    for finding in deadUnits.inspect(iteration: iteration) { warnings.append(warning(of: finding)) }
    if let finding = gradients?.inspect(loss: loss) {
      warnings.append(warning(of: finding, iteration: iteration))
    }
    inspectLoss(history, isEnd: false)
  }

  /// Adds a warning of another component.
  func add(_ warning: Warning) { warnings.append(warning) }

  /// Inspects the history and the tests at the end of the training.
  package func end(_ trainer: Trainer) {
    inspectLoss(trainer.history, isEnd: true)
    warnings += UnrankedTests.warnings(model, trainer)
  }

  private func inspectLoss(_ history: History, isEnd: Bool) {
    guard let finding = stagnantLoss?.finding(in: history, isEnd: isEnd),
      let loss = model.training.nodes.first(where: { $0.declaration.isWeighed })?.declaration
    else { return }
    warnings.append(
      Warning(
        .stagnantLoss, layer: loss.name,
        "\(loss.subject): the loss has not moved in \(finding.updates) updates (mean "
          + "\(finding.first.brief) of the first \(finding.stretch), \(finding.last.brief) of the last "
          + "\(finding.stretch)), so that the network does not learn; try another base_lr, other "
          + "weight fillers, or look for frozen or dead layers", at: loss.node.mark))
  }

  private func warning(of finding: DeadUnits.Finding) -> Warning {
    let nodes = model.training.nodes
    let (rectifier, maker) = (nodes[finding.units.rectifier], nodes[finding.units.maker])
    return Warning(
      .deadUnits, layer: rectifier.name,
      "\(rectifier.declaration.subject): \(finding.count) of \(finding.units.unitCount) units of "
        + "'\(maker.name.quotable)' were 0 in the last \(finding.updates) inspected updates (since "
        + "update \(finding.firstIteration + 1)); they get no gradient, so that they stay dead; try a "
        + "smaller base_lr, weight_filler: msra, or negative_slope: 0.01",
      at: rectifier.declaration.node.mark)
  }

  private func warning(of finding: GradientNorm.Finding, iteration: Int) -> Warning {
    let parameter = model.training.parameters[finding.parameter]
    let owner = model.training.nodes.first { $0.name == parameter.owner }?.declaration
    return Warning(
      .explodingGradients, layer: parameter.owner,
      "\(owner?.subject ?? "network"): gradients explode: their norm at update \(iteration + 1) is "
        + "\(finding.norm.brief), and was \(finding.median.brief) at first; "
        + "'\(parameter.name.quotable)' has the largest gradient; such a step destroys what the "
        + "network has learned; try clip_gradients, or a base_lr below "
        + model.file.solver.baseRate.brief,
      at: (owner?.node ?? model.file.solver.node).mark)
  }
}
