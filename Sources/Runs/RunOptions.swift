internal import Glibc
package import ModelFiles
internal import Training

/// The settings of a run that the command line gives in addition to the model file.
package struct RunOptions: Sendable {
  package var overrides: [Override] = []
  /// The number of threads. Nil stands for as many as can run at the same time.
  package var threads: Int?
  /// The number of threads that load batches ahead. Nil stands for half of the compute threads.
  package var loaders: Int?
  /// The memory limit in bytes. Nil stands for the free memory of the machine.
  package var memoryLimit: Int?
  /// The run's folder. Nil stands for the next free number below `runs/<name>`.
  package var output: String?
  package var overwrites = false
  /// The run to resume. Nil starts a new run.
  package var resume: Resume?
  /// The trained weights or the checkpoint with which a new run begins.
  package var weights: String?
  /// The weights of a finished run to read. Nil stands for the best ones, if the run has any.
  package var savedWeights: SavedWeights?
  /// The blob to predict. Nil stands for the model's own prediction.
  package var blob: String?
  /// Whether ``weights`` may lack parameters of the model, and contain other parameters.
  package var allowsMissing = false
  /// The clock, in seconds, that decides when the history grows and when an automatic checkpoint is
  /// due.
  package var clock: @Sendable () -> Double = { MonotonicClock.seconds }

  /// The run to resume.
  package enum Resume: Sendable, Equatable {
    /// The run in `output`, or else the latest run of the model's name.
    case latest
    /// The path of a run's folder or of a checkpoint.
    case path(String)
  }

  package init() {}

  package var threadCount: Int { threads ?? Machine.processorCount }
}
