internal import Files
internal import Models
internal import Tensors
internal import YAML

/// The whole state of a training between two iterations: what goes on from it ends with the bits of a training that
/// was never interrupted.
///
/// Numbers are drawn from the seed and from where they are used, so no state of a generator is part of it; gradients
/// and activations begin anew in every iteration.
package struct Checkpoint: Sendable, Equatable {
  /// The best test so far.
  package struct Best: Sendable, Equatable {
    var rank: Double
    var iteration: Int
    var scores: [Double]
    /// Of the parameters at that test.
    var values: [[Float]]
  }

  /// How much of the history belongs to it.
  package struct HistoryLength: Sendable, Equatable {
    package let rows: Int
    package let bytes: Int
    /// Over the bytes, so that rows which somebody changed are noticed.
    package let checksum: String

    /// Nothing of a history.
    package init() { self.init(rows: 0, bytes: 0, checksum: CRC32().text) }

    init(rows: Int, bytes: Int, checksum: String) {
      (self.rows, self.bytes, self.checksum) = (rows, bytes, checksum)
    }
  }

  /// The resolved model file that was trained.
  package var model: String
  /// Examples of the train part.
  var exampleCount: Int
  /// Of all examples, those of the test part after those of the train part.
  var dataChecksum: String
  /// Batches that were trained on: the place in the data.
  var batchNumber: Int
  /// Row-major, in the order of the store; statistics among them.
  var parameters: [[Float]]
  var update: UpdatePlan.State
  var measurements: Measurements.State
  var best: Best?
  /// What of a weights file the run began with; nil if it began with none.
  var beginning: String?
  /// Why the training stops early; nil if it goes on.
  var stopReason: String?
  /// Nil but where a test was left.
  var unrecorded: UnrecordedUpdate?
  var history = HistoryLength()

  /// The model file that was trained, read again. Nil if the text is damaged.
  var modelFile: ModelFile? {
    let document = try? Node.parse(Array(model.utf8), name: "model.yaml")
    return document.flatMap { try? ModelFile.read($0, path: "model.yaml") }
  }

  /// Updates that were made.
  package var iteration: Int { update.count }
}

/// What the history tells of an update whose test is still to be made.
struct UnrecordedUpdate: Sendable, Equatable {
  var loss: Double
  /// Nil if it is not shown.
  var regularization: Double?
}
