internal import YAML

/// Makes records.
package enum Recorder {
  /// Trains a model, and writes its record beside it.
  ///
  /// - Throws: ``RunFailure``, and nothing is written: if there is a record already, which only `dlrun verify --update`
  ///   replaces; if the training diverges, or does not reach what its file expects.
  package static func record(
    _ path: String, options: RunOptions, tolerance: Double
  ) throws(RunFailure) -> Record {
    let model = try PreparedModel(path: path, overrides: options.overrides)
    let file = Record.path(ofModel: path)
    guard PathKind(at: file) == nil else {
      throw .refusedInput(
        "'\(file.quotable)' is there already: 'dlrun verify --update' replaces it")
    }
    let training = try RecordedTraining(model, options: options)
    let (record, unmet) = try training.run(tolerance: tolerance)
    if unmet.hasErrors { throw .unreached(unmet) }
    try OutputFile.write(record.text, to: file)
    return record
  }
}
