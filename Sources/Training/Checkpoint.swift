internal import Files
package import ModelFiles
package import Networks
internal import YAML

/// The whole state of a training between two iterations: what goes on from it ends with the bits of a training that
/// was never interrupted.
///
/// Numbers are drawn from the seed and from where they are used, so no state of a generator is part of it; gradients
/// and activations begin anew in every iteration.
package struct Checkpoint: Sendable, Equatable {
  /// The best test so far.
  package struct Best: Sendable, Equatable {
    package var rank: Double
    package var iteration: Int
    package var scores: [Double]
    /// Of the parameters at that test.
    package var values: [[Float]]

    package init(rank: Double, iteration: Int, scores: [Double], values: [[Float]]) {
      (self.rank, self.iteration, self.scores, self.values) = (rank, iteration, scores, values)
    }
  }

  /// How much of the history belongs to it.
  package struct HistoryLength: Sendable, Equatable {
    package let rows: Int
    package let bytes: Int
    /// Over the bytes, so that rows which somebody changed are noticed.
    package let checksum: String

    /// Nothing of a history.
    package init() { self.init(rows: 0, bytes: 0, checksum: CRC32().text) }

    package init(rows: Int, bytes: Int, checksum: String) {
      (self.rows, self.bytes, self.checksum) = (rows, bytes, checksum)
    }
  }

  /// The resolved model file that was trained.
  package var model: String
  /// Examples of the train part.
  package var exampleCount: Int
  /// Of all examples, those of the test part after those of the train part.
  package var dataChecksum: String
  /// Batches that were trained on: the place in the data.
  package var batchNumber: Int
  /// Row-major, in the order of the store; statistics among them.
  package var parameters: [[Float]]
  package var update: UpdatePlan.State
  package var measurements: Measurements.State
  package var best: Best?
  /// What of a weights file the run began with; nil if it began with none.
  package var beginning: String?
  /// Why the training stops early; nil if it goes on.
  package var stopReason: String?
  /// Nil but where a test was left.
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

  /// The model file that was trained, read again. Nil if the text is damaged.
  package var modelFile: ModelFile? {
    let document = try? Node.parse(Array(model.utf8), name: "model.yaml")
    return document.flatMap { try? ModelFile.read($0, path: "model.yaml") }
  }

  /// Updates that were made.
  package var iteration: Int { update.count }
}
