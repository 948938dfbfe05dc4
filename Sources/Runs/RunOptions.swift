internal import Glibc
package import ModelFiles
internal import Training

/// What a command line says of a run, beside the model file.
package struct RunOptions: Sendable {
  package var overrides: [Override] = []
  /// Nil: as many as can compute at the same time.
  package var threads: Int?
  /// In bytes; nil: what the machine has free.
  package var memoryLimit: Int?
  /// Nil: the next free number below `runs/<name>`.
  package var output: String?
  package var overwrites = false
  /// Nil: a new run.
  package var resume: Resume?
  /// Trained weights, or a checkpoint, that a new run begins with.
  package var weights: String?
  /// Which weights of a finished run are read; nil: the best, where there are any.
  package var savedWeights: SavedWeights?
  /// The blob that is predicted; nil: the model's.
  package var blob: String?
  /// Whether such weights may be less than all parameters, and more.
  package var allowsMissing = false
  /// Tells when the history grows, and when an automatic checkpoint is due; in seconds.
  package var clock: @Sendable () -> Double = { MonotonicClock.seconds }

  /// What goes on.
  package enum Resume: Sendable, Equatable {
    /// The run in `output`, or else the latest of the model's name.
    case latest
    /// A run's folder, or a checkpoint.
    case path(String)
  }

  package init() {}

  package var threadCount: Int { threads ?? Machine.processorCount }
}
