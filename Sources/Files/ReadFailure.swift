package import YAML

/// Why a model file gave no node.
package enum ReadFailure: Error, Sendable {
  /// The file could not be read; one line for the user.
  case io(String)
  /// The file was read and is wrong.
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
