internal import Files
internal import ModelFiles
internal import Training
internal import YAML

/// A model file that was parsed, but not checked against its data.
struct ModelDocument {
  /// The way in which `dlrun verify` and `dlrun record` treat a model.
  enum Use {
    case model(ModelDocument)
    /// The file states `verify: false` with this reason.
    case skipped(String)
  }

  /// Whether the text of the file has no mistakes.
  let isSound: Bool
  private let document: Node
  private let path: String
  private let overrides: [Override]

  /// Reads a model file.
  ///
  /// - Throws: ``RunFailure`` in three cases: the file cannot be read, a skipped model has
  ///   mistakes, or a skipped model has a record, which would never be compared.
  static func read(_ path: String, overrides: [Override]) throws(RunFailure) -> Use {
    let document = try Document.read(path)
    let draft = ModelFile.draft(document, path: path, overrides: overrides)
    guard let reason = draft.file?.verificationSkip else {
      return .model(
        ModelDocument(
          isSound: !draft.diagnostics.hasErrors, document: document, path: path,
          overrides: overrides))
    }
    guard !draft.diagnostics.hasErrors else { throw .refused(draft.diagnostics) }
    let record = Record.path(ofModel: path)
    guard !InputFile.exists(record) else {
      throw .refusedInput(
        "'\(record.quotable)' is never compared, because '\(path.quotable)' states 'verify: false'")
    }
    return .skipped(reason)
  }

  /// Returns the model after checking it against its data.
  func prepared() throws(RunFailure) -> PreparedModel {
    try PreparedModel(document, path: path, overrides: overrides)
  }
}
