package import Files
package import Runs
internal import YAML

/// Makes records.
package struct Recorder: Sendable {
  /// What became of a model.
  package enum Outcome: Sendable {
    /// The record that was written, and where.
    case recorded(Record, path: String)
    /// The folder has a record of the model already, which stays.
    case kept(path: String)
    /// The model says that it is not verified, and why.
    case skipped(String)
    /// Nothing was written, and why.
    case failed(RunFailure)
  }

  private let options: RunOptions
  private let tolerance: Double

  /// - Parameter tolerance: of the records.
  package init(options: RunOptions, tolerance: Double) {
    self.options = options
    self.tolerance = tolerance
  }

  /// Trains the models that files and folders name, and writes the record of each beside it.
  ///
  /// A record that is there stays. It is a failure where its model was named itself.
  ///
  /// - Parameter report: called after each model with its path.
  /// - Throws: what `report` throws.
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

  /// - Throws: ``RunFailure``, and nothing is written: if there is a record already, which only `dlrun verify --update`
  ///   replaces; if the training diverges, or does not reach what its file expects.
  private func record(_ path: String, isNamed: Bool) throws(RunFailure) -> Outcome {
    let document: ModelDocument
    switch try ModelDocument.read(path, overrides: options.overrides) {
    case .skipped(let reason): return .skipped(reason)
    case .model(let model): document = model
    }
    let file = Record.path(ofModel: path)
    if PathKind(at: file) != nil, !isNamed { return .kept(path: file) }
    let model = try document.prepared()
    guard PathKind(at: file) == nil else {
      throw .refusedInput(
        "'\(file.quotable)' is there already: 'dlrun verify --update' replaces it")
    }
    let training = try RecordedTraining(model, options: options)
    let (record, unmet) = try training.run(tolerance: tolerance)
    if unmet.hasErrors { throw .unreached(unmet) }
    try OutputFile.write(record.text, to: file)
    return .recorded(record, path: file)
  }
}
