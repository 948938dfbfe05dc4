internal import Files
internal import ModelFiles
internal import Training
internal import YAML

/// A model file that was read, but not yet checked against its data.
struct ModelDocument {
  /// What `dlrun verify` and `dlrun record` do with a model.
  enum Use {
    case model(ModelDocument)
    /// The file states `verify: false`, and why.
    case skipped(String)
  }

  /// Whether the file's own text is right.
  let isSound: Bool
  private let document: Node
  private let path: String
  private let overrides: [Override]

  /// Reads a model file.
  ///
  /// - Throws: ``RunFailure`` if the file cannot be read, if a model that is not verified has mistakes, or if it has a
  ///   record all the same, which nothing would ever compare.
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
        "'\(record.quotable)' is never compared, since '\(path.quotable)' states 'verify: false'")
    }
    return .skipped(reason)
  }

  /// The model, checked against its data.
  func prepared() throws(RunFailure) -> PreparedModel {
    try PreparedModel(document, path: path, overrides: overrides)
  }
}
