package import ModelFiles
package import Training

/// Reports each warning of the doctor once.
package final class WarningReporter {
  private let doctor: Doctor
  private let trainer: Trainer
  private var reportedCount = 0

  /// Inspects the starting state, and attaches the doctor to the trainer.
  ///
  /// - Parameters:
  ///   - beginsWithWeights: Whether the run began with a weights file.
  ///   - previousModel: The model file of the checkpoint from which the run resumes.
  package init(
    _ doctor: Doctor, of trainer: Trainer, _ data: TrainingData, beginsWithWeights: Bool,
    previousModel: ModelFile?
  ) {
    (self.doctor, self.trainer) = (doctor, trainer)
    doctor.begin(trainer, train: data.train, test: data.test, hasWeights: beginsWithWeights)
    if let previousModel { doctor.compare(trainer, with: previousModel) }
  }

  /// All warnings so far.
  package var warnings: [Warning] { doctor.warnings }

  /// Reports the warnings that are new since the last call.
  package func reportNew(to observe: (Warning) -> Void) {
    guard reportedCount < doctor.warnings.count else { return }
    for warning in doctor.warnings[reportedCount...] { observe(warning) }
    reportedCount = doctor.warnings.count
  }

  /// Inspects a training that has reached its end.
  package func inspectEnd() { doctor.end(trainer) }
}
