/// The reason why a file could not be read.
package enum FileFailure: Error, Equatable, Sendable {
  case nulInName
  case cannotOpen(SystemError)
  case notRegular(FileKind)
  case tooLarge(size: Int, limit: Int)
  case cannotRead(SystemError)
  case changedWhileRead
}
