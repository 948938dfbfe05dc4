package import Files
package import Runs
internal import YAML

/// Makes records of trainings.
package struct Recorder: Sendable {
  /// The result for one model.
  package enum Outcome: Sendable {
    /// The written record and its path.
    case recorded(Record, path: String)
    /// The folder already contains a record of the model, which is unchanged.
    case kept(path: String)
    /// The model states that it is not verified, with this reason.
    case skipped(String)
    /// The failure. No record was written.
    case failed(RunFailure)
  }

  private let options: RunOptions
  private let tolerance: Double

  /// Makes a recorder.
  ///
  /// - Parameter tolerance: the tolerance of the records.
  package init(options: RunOptions, tolerance: Double) {
    self.options = options
    self.tolerance = tolerance
  }

  /// Trains the models that files and folders name, and writes the record of each beside it.
  ///
  /// An existing record is unchanged. If a path names the model itself, the existing record is a
  /// failure.
  ///
  /// - Parameter report: receives the path of each model and its outcome.
  /// - Throws: the errors of `report`.
  package func record<Failure: Error>(
    _ paths: [String], report: (String, Outcome) throws(Failure) -> Void
  ) throws(Failure) {
    for item in ModelPaths.items(of: paths) {
      if let failure = item.failure {
        try report(item.path, .failed(failure))
        continue
      }
      let outcome: Outcome
      do throws(RunFailure) {
        outcome = try record(item.path, isNamed: item.isNamed)
      } catch {
        outcome = .failed(error)
      }
      try report(item.path, outcome)
    }
  }

  /// Records one model.
  ///
  /// - Throws: ``RunFailure``, without writing a record. The causes are an existing record, which
  ///   only `dlrun verify --update` replaces, a training that diverges, and a missed expectation.
  private func record(_ path: String, isNamed: Bool) throws(RunFailure) -> Outcome {
    let document: ModelDocument
    switch try ModelDocument.read(path, overrides: options.overrides) {
    case .skipped(let reason): return .skipped(reason)
    case .model(let model): document = model
    }
    let file = Record.path(ofModel: path)
    if FileKind(at: file) != nil, !isNamed { return .kept(path: file) }
    let model = try document.prepared()
    guard FileKind(at: file) == nil else {
      throw .refusedInput(
        "'\(file.quotable)' already exists: 'dlrun verify --update' replaces it")
    }
    let training = try RecordedTraining(model, options: options)
    let (record, unmet) = try training.run(tolerance: tolerance)
    if unmet.hasErrors { throw .unreached(unmet) }
    try OutputFile.write(record.text, to: file)
    return .recorded(record, path: file)
  }
}
