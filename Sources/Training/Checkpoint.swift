internal import Files
package import ModelFiles
package import Networks
internal import YAML

/// The whole state of a training between two iterations.
///
/// A training that resumes from a checkpoint ends with the same bits as one that was never
/// interrupted.
///
/// Random numbers depend only on the seed and on where they are used. The checkpoint therefore
/// contains no generator state. Every iteration computes gradients and activations anew.
package struct Checkpoint: Sendable, Equatable {
  /// The best test so far.
  package struct Best: Sendable, Equatable {
    package var rank: Double
    package var iteration: Int
    package var scores: [Double]
    /// The values of the parameters at that test.
    package var values: [[Float]]

    package init(rank: Double, iteration: Int, scores: [Double], values: [[Float]]) {
      (self.rank, self.iteration, self.scores, self.values) = (rank, iteration, scores, values)
    }
  }

  /// The part of the history file that belongs to the checkpoint.
  package struct HistoryLength: Sendable, Equatable {
    package let rows: Int
    package let bytes: Int
    /// The checksum of these bytes, which reveals rows that were edited later.
    package let checksum: String

    /// Makes the length of an empty history.
    package init() { self.init(rows: 0, bytes: 0, checksum: CRC32().text) }

    package init(rows: Int, bytes: Int, checksum: String) {
      (self.rows, self.bytes, self.checksum) = (rows, bytes, checksum)
    }
  }

  /// The resolved model file that was trained.
  package var model: String
  /// The number of examples in the train part.
  package var exampleCount: Int
  /// The checksum of all examples: first the train part, then the test part.
  package var dataChecksum: String
  /// The number of batches trained so far, which gives the position in the data.
  package var batchNumber: Int
  /// The row-major values of all parameters in the store's order, statistics included.
  package var parameters: [[Float]]
  package var update: UpdatePlan.State
  package var measurements: Measurements.State
  package var best: Best?
  /// The description of the initial weights that came from a file. Nil when the run began without
  /// one.
  package var beginning: String?
  /// The reason for an early stop. Nil when the training continues.
  package var stopReason: String?
  /// The last update, when an interruption left its test unfinished. Otherwise nil.
  package var unrecorded: UnrecordedUpdate?
  package var history: HistoryLength

  package init(
    model: String, exampleCount: Int, dataChecksum: String, batchNumber: Int,
    parameters: [[Float]], update: UpdatePlan.State, measurements: Measurements.State,
    best: Best?, beginning: String? = nil, stopReason: String?, unrecorded: UnrecordedUpdate?,
    history: HistoryLength = HistoryLength()
  ) {
    self.model = model
    self.exampleCount = exampleCount
    self.dataChecksum = dataChecksum
    self.batchNumber = batchNumber
    self.parameters = parameters
    self.update = update
    self.measurements = measurements
    self.best = best
    self.beginning = beginning
    self.stopReason = stopReason
    self.unrecorded = unrecorded
    self.history = history
  }

  /// The model file that was trained, parsed from the stored text. Nil when the text is damaged.
  package var modelFile: ModelFile? {
    let document = try? Node.parse(Array(model.utf8), name: "model.yaml")
    return document.flatMap { try? ModelFile.read($0, path: "model.yaml") }
  }

  /// The number of updates so far.
  package var iteration: Int { update.count }
}
