package import YAML

/// The reason why a model file could not be read.
package enum ReadFailure: Error, Sendable {
  /// The system could not read the file. The text is one line for the user.
  case io(String)
  /// The content of the file is wrong.
  case content(Diagnostics)

  package init(_ failure: FileFailure, path: String) {
    let reason: String
    switch failure {
    case .tooLarge(let size, let limit):
      self = .content(Diagnostics(SourceText.tooLarge(size, limit: limit, name: path)))
      return
    case .nulInName: reason = "a file name cannot contain a NUL character"
    case .cannotOpen(let error), .cannotRead(let error): reason = error.description
    case .notRegular(.folder): reason = "it is a folder"
    case .notRegular: reason = "it is not a regular file"
    case .changedWhileRead: reason = "it changed while it was read"
    }
    self = .io("cannot read '\(path.quotable)': \(reason)")
  }
}
