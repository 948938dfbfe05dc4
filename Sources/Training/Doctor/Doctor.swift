package import DataSources
package import Files
package import ModelFiles
internal import Networks
internal import YAML

/// Looks on while a model is trained, and warns of what seldom ends well.
///
/// It reads parameters, gradients and the history between two steps, and changes nothing: no random
/// number is drawn, no clock read, and no decision of the training depends on it. What it keeps is
/// small (a byte for each unit before a ReLU, a number for each parameter), and taken before the first
/// step. Most updates are not looked at at all: see ``LookSchedule``.
package final class Doctor {
  package private(set) var warnings: [Warning] = []
  /// The update that is looked at next, counted from 0.
  private(set) var nextLook = 0
  private let model: PreparedModel
  /// What is looked at is theirs.
  private let store: ParameterStore
  private let update: UpdatePlan
  private let looks: LookSchedule
  /// Nil of a run that goes on, or begins with trained weights: it may have come to its end.
  private var stillLoss: StillLoss?
  private var deadUnits: DeadUnits
  /// Nil if gradients are clipped.
  private var gradients: GradientNorm?

  /// Takes its memory.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` if that is not there.
  package init(of trainer: Trainer) throws(RunFailure) {
    model = trainer.model
    (store, update) = (trainer.store, trainer.update)
    let (solver, order) = (model.file.solver, trainer.trainingSource.epochOrder)
    looks = LookSchedule(batchesPerEpoch: order.batchCount, iterationSize: solver.iterationSize)
    stillLoss = StillLoss(trainer.schedule, solver, order)
    deadUnits = try DeadUnits(
      model.training, update, store, order, iterationSize: solver.iterationSize)
    if solver.clipGradients == nil {
      gradients = try GradientNorm(
        update, count: store.parameters.count, iterationSize: solver.iterationSize)
    }
  }

  /// Looks at the data and the weights before training, and stays with the trainer.
  ///
  /// - Parameter hasWeights: whether the run begins with weights of a file.
  package func begin(
    _ trainer: Trainer, train: Dataset, test: Dataset?, hasWeights: Bool
  ) {
    trainer.doctor = self
    let done = trainer.update.count
    nextLook = looks.next(from: done)
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
    if done > 0 || hasWeights { stillLoss = nil }
    if done == 0 {
      if !hasWeights { warnings += ValueScales.warnings(model, store, train: train) }
      warnings += EqualWeights.warnings(model.training, store, isGiven: hasWeights)
    }
  }

  /// Compares the schedule of a run that goes on with the one that it had.
  ///
  /// - Parameter before: the model file that its checkpoint was made with.
  package func compare(_ trainer: Trainer, with before: ModelFile) {
    let warning = ChangedSchedule.warning(
      model.file, before: before, iteration: trainer.update.count,
      exampleCount: trainer.trainingSource.dataset.count)
    if let warning { warnings.append(warning) }
  }

  /// Looks at the gradients that update ``nextLook`` is about to take.
  ///
  /// - Parameters:
  ///   - loss: of its batches.
  ///   - history: of the updates before.
  func look(loss: Double, _ history: History) {
    let iteration = nextLook
    nextLook = looks.next(from: iteration + 1)
    for finding in deadUnits.look(iteration: iteration) { warnings.append(warning(of: finding)) }
    if let finding = gradients?.look(loss: loss) {
      warnings.append(warning(of: finding, iteration: iteration))
    }
    lookAtLoss(history, isEnd: false)
  }

  /// Adds what somebody else found.
  func add(_ warning: Warning) { warnings.append(warning) }

  /// Looks once more when the training has come to its end.
  package func end(_ trainer: Trainer) {
    lookAtLoss(trainer.history, isEnd: true)
    warnings += UnrankedTests.warnings(model, trainer)
  }

  private func lookAtLoss(_ history: History, isEnd: Bool) {
    guard let finding = stillLoss?.judge(history, isEnd: isEnd),
      let loss = model.training.nodes.first(where: { $0.declaration.isWeighed })?.declaration
    else { return }
    warnings.append(
      Warning(
        .stillLoss, layer: loss.name,
        "\(loss.subject): the loss has not moved in \(finding.updates) updates (mean "
          + "\(finding.first.brief) of the first \(finding.stretch), \(finding.last.brief) of the last "
          + "\(finding.stretch)), so that nothing is learned; try another base_lr, other weight "
          + "fillers, or look for layers that are frozen or dead", at: loss.node.mark))
  }

  private func warning(of finding: DeadUnits.Finding) -> Warning {
    let nodes = model.training.nodes
    let (rectifier, maker) = (nodes[finding.units.rectifier], nodes[finding.units.maker])
    return Warning(
      .deadUnits, layer: rectifier.name,
      "\(rectifier.declaration.subject): \(finding.count) of \(finding.units.unitCount) units of "
        + "'\(maker.name.quotable)' have passed nothing in the last \(finding.looks) updates looked "
        + "at (since update \(finding.firstIteration + 1)); nothing comes back to them, so that they "
        + "stay dead; try a smaller base_lr, weight_filler: msra, or negative_slope: 0.01",
      at: rectifier.declaration.node.mark)
  }

  private func warning(of finding: GradientNorm.Finding, iteration: Int) -> Warning {
    let parameter = model.training.parameters[finding.parameter]
    let owner = model.training.nodes.first { $0.name == parameter.owner }?.declaration
    return Warning(
      .explodingGradients, layer: parameter.owner,
      "\(owner?.subject ?? "network"): gradients explode: their norm at update \(iteration + 1) is "
        + "\(finding.norm.brief), and was \(finding.median.brief) at first; "
        + "'\(parameter.name.quotable)' has the greatest part; such a step undoes what was learned; "
        + "try clip_gradients, or a base_lr below \(model.file.solver.baseRate.brief)",
      at: (owner?.node ?? model.file.solver.node).mark)
  }
}
