package import Files
internal import Layers
internal import ModelFiles
internal import Networks
internal import Solvers
internal import Tensors
package import Training
internal import YAML

extension Checkpoint {
  /// The kind of file and the version of its format, as the metadata state them.
  private static let format = "dlrun checkpoint 2"

  /// Whether a file is a checkpoint.
  static func isCheckpoint(_ file: Safetensors) -> Bool { file.metadata["format"] == format }

  /// Returns the name of the parameter whose current values a tensor holds. Nil for other tensors.
  static func parameterName(_ tensor: String) -> String? {
    tensor.hasPrefix(TensorName.prefix) ? String(tensor.dropFirst(TensorName.prefix.count)) : nil
  }

  /// Returns the name of the tensor that holds a parameter's current values.
  static func tensorName(ofParameter name: String) -> String { TensorName.parameter(name) }

  /// The names of the tensors: a kind, and the parameter to which the tensor belongs.
  private enum TensorName {
    static let prefix = "parameter/"

    static func parameter(_ name: String) -> String { prefix + name }
    static func average(_ name: String) -> String { "average/\(name)" }
    static func best(_ name: String) -> String { "best/\(name)" }
    static func state(_ state: String, _ name: String) -> String { "\(state)/\(name)" }
  }

  /// Returns the content of a checkpoint file.
  ///
  /// - Parameter trainer: The trainer with this state.
  package func file(of trainer: Trainer) -> Safetensors {
    let parameters = trainer.store.parameters
    var tensors: [Safetensors.Tensor] = []
    for (index, parameter) in parameters.enumerated() {
      func add(_ name: String, _ values: [Float]) {
        tensors.append(
          Safetensors.Tensor(name: name, shape: parameter.declaration.shape, values: values))
      }
      add(TensorName.parameter(parameter.name), self.parameters[index])
      for (state, values) in zip(trainer.update.stateNames(index), update.states[index]) {
        add(TensorName.state(state, parameter.name), values)
      }
      if let averages = update.averages {
        add(TensorName.average(parameter.name), averages[index])
      }
      if let best { add(TensorName.best(parameter.name), best.values[index]) }
    }
    return Safetensors(tensors, metadata: metadata)
  }

  private var metadata: [String: String] {
    var texts = [
      "format": Checkpoint.format, "model": model, "examples": "\(exampleCount)",
      "data": dataChecksum,
      "batches": "\(batchNumber)", "updates": "\(update.count)", "rates": text(update.rates),
      "rate": "\(measurements.rate.rate)", "rate_bad_tests": "\(measurements.rate.badTests)",
      "rate_resting_tests": "\(measurements.rate.restingTests)",
      "stop_bad_tests": "\(measurements.stop.badTests)", "loss_sum": "\(measurements.lossSum)",
      "loss_count": "\(measurements.lossCount)", "history_rows": "\(history.rows)",
      "history_bytes": "\(history.bytes)", "history_checksum": history.checksum,
    ]
    texts["rate_best"] = measurements.rate.best.map { "\($0)" }
    texts["stop_best"] = measurements.stop.best.map { "\($0)" }
    texts["begins_with"] = beginning
    texts["stop_reason"] = stopReason
    texts["untested_loss"] = unrecorded.map { "\($0.loss)" }
    texts["untested_regularization"] = unrecorded?.regularization.map { "\($0)" }
    texts["best_rank"] = best.map { "\($0.rank)" }
    texts["best_iteration"] = best.map { "\($0.iteration)" }
    texts["best_scores"] = best.map { text($0.scores) }
    return texts
  }

  /// Returns text that parses to the same numbers.
  private func text(_ numbers: [Double]) -> String {
    numbers.map { "\($0)" }.joined(separator: " ")
  }

  /// Reads the content of a file for a trainer of the same model.
  ///
  /// - Throws: ``RunFailure/refusedInput(_:)`` with the part that is damaged or belongs to another
  ///   model.
  package init(_ file: Safetensors, for trainer: Trainer, name: String) throws(RunFailure) {
    let reader = try Reader(file, name: name)
    let parameters = trainer.store.parameters
    func tensors(_ name: (String) -> String) throws(RunFailure) -> [[Float]] {
      var values: [[Float]] = []
      for parameter in parameters {
        values.append(try reader.tensor(name(parameter.name), parameter.declaration.shape))
      }
      return values
    }
    var best: Best?
    if let rank = try reader.scoreIfPresent("best_rank") {
      best = Best(
        rank: rank, iteration: try reader.integer("best_iteration"),
        scores: try reader.numbers("best_scores", count: trainer.history.testNames.count),
        values: try tensors(TensorName.best))
    }
    var unrecorded: UnrecordedUpdate?
    if file.metadata["untested_loss"] != nil {
      unrecorded = UnrecordedUpdate(
        loss: try reader.number("untested_loss"),
        regularization: try reader.scoreIfPresent("untested_regularization"))
    }
    self.init(
      model: try reader.text("model"), exampleCount: try reader.integer("examples"),
      dataChecksum: try reader.text("data"), batchNumber: try reader.integer("batches"),
      parameters: try tensors(TensorName.parameter),
      update: UpdatePlan.State(
        count: try reader.integer("updates"),
        rates: try reader.numbers("rates", count: UpdatePlan.rateCount, areFinite: true),
        states: try reader.states(of: trainer),
        averages: trainer.update.hasAverages ? try tensors(TensorName.average) : nil),
      measurements: try reader.measurements(), best: best,
      beginning: file.metadata["begins_with"], stopReason: file.metadata["stop_reason"],
      unrecorded: unrecorded, history: try reader.historyLength())
  }

  /// Returns the length of the history that belongs to a checkpoint.
  ///
  /// - Throws: ``RunFailure/refusedInput(_:)`` if the file is not a checkpoint.
  static func historyLength(
    of file: Safetensors, name: String
  ) throws(RunFailure) -> HistoryLength {
    try Reader(file, name: name).historyLength()
  }

  /// Returns the resolved model file that a checkpoint was made with.
  ///
  /// - Throws: ``RunFailure/refusedInput(_:)`` if the file is not a checkpoint.
  static func model(of file: Safetensors, name: String) throws(RunFailure) -> String {
    try Reader(file, name: name).text("model")
  }

  /// Reads the parts of a file.
  private struct Reader {
    private let metadata: [String: String]
    private let tensors: [String: Safetensors.Tensor]
    private let name: String

    init(_ file: Safetensors, name: String) throws(RunFailure) {
      metadata = file.metadata
      tensors = Dictionary(
        file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      self.name = name.quotable
      guard Checkpoint.isCheckpoint(file) else {
        throw .refusedInput("\(self.name) is not a checkpoint of this version of dlrun")
      }
    }

    private func refused(_ part: String) -> RunFailure {
      .refusedInput("\(name): '\(part.quotable)' is missing, or does not belong to this model")
    }

    func text(_ key: String) throws(RunFailure) -> String {
      guard let text = metadata[key] else { throw refused(key) }
      return text
    }

    /// Reads a count. The limit is the number of bytes in the history of the longest training.
    func integer(_ key: String) throws(RunFailure) -> Int {
      guard let value = Int(try text(key)), (0...Duration.limit << 16).contains(value) else {
        throw refused(key)
      }
      return value
    }

    /// Reads the solver's state of each parameter.
    func states(of trainer: Trainer) throws(RunFailure) -> [[[Float]]] {
      var states: [[[Float]]] = []
      for (index, parameter) in trainer.store.parameters.enumerated() {
        var own: [[Float]] = []
        for state in trainer.update.stateNames(index) {
          own.append(
            try tensor(TensorName.state(state, parameter.name), parameter.declaration.shape))
        }
        states.append(own)
      }
      return states
    }

    func measurements() throws(RunFailure) -> Measurements.State {
      var rate = MeasuredRate(rate: try number("rate"))
      rate.best = try scoreIfPresent("rate_best")
      rate.badTests = try integer("rate_bad_tests")
      rate.restingTests = try integer("rate_resting_tests")
      var stop = EarlyStop.State()
      stop.best = try scoreIfPresent("stop_best")
      stop.badTests = try integer("stop_bad_tests")
      return Measurements.State(
        rate: rate, stop: stop, lossSum: try number("loss_sum"),
        lossCount: try integer("loss_count"))
    }

    func historyLength() throws(RunFailure) -> HistoryLength {
      HistoryLength(
        rows: try integer("history_rows"), bytes: try integer("history_bytes"),
        checksum: try text("history_checksum"))
    }

    /// Reads a finite number. A training can continue only with finite numbers.
    func number(_ key: String) throws(RunFailure) -> Double {
      guard let value = Double(try text(key)), value.isFinite else { throw refused(key) }
      return value
    }

    /// Reads a score, which may be NaN. Nil when it is missing.
    func scoreIfPresent(_ key: String) throws(RunFailure) -> Double? {
      guard metadata[key] != nil else { return nil }
      guard let value = Double(try text(key)) else { throw refused(key) }
      return value
    }

    func numbers(
      _ key: String, count: Int, areFinite: Bool = false
    ) throws(RunFailure) -> [Double] {
      let words = try text(key).split(separator: " ")
      let values = words.compactMap { Double($0) }
      guard values.count == count, words.count == count,
        !areFinite || values.allSatisfy(\.isFinite)
      else { throw refused(key) }
      return values
    }

    func tensor(_ key: String, _ shape: Shape) throws(RunFailure) -> [Float] {
      guard let tensor = tensors[key], tensor.shape == shape else { throw refused(key) }
      let values = tensor.values
      guard values.allSatisfy(\.isFinite) else {
        throw .refusedInput("\(name): '\(key.quotable)' has values that are not finite")
      }
      return values
    }
  }
}
