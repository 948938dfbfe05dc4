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
    case .nulInName: reason = "a file name holds no NUL character"
    case .cannotOpen(let error), .cannotRead(let error): reason = error.description
    case .notRegular(.folder): reason = "it is a folder"
    case .notRegular: reason = "it is not a regular file"
    case .changedWhileRead: reason = "it changed while it was read"
    }
    self = .io("cannot read '\(path.quotable)': \(reason)")
  }
}

extension Node {
  /// Reads the one document of a text.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8, or UTF-16 with a byte order mark.
  ///   - name: what messages call the text: its path.
  /// - Throws: all mistakes, those before a syntax error included, sorted by place when rendered.
  package static func parse(_ bytes: [UInt8], name: String) throws(Diagnostics) -> Node {
    try Parser.parse(SourceText.decode(bytes, name: name))
  }

  /// Reads the one document of a file.
  ///
  /// Only regular files are opened: a pipe or a device might never end. A file of more than 16 MB
  /// is refused before any of it is read.
  package static func read(path: String) throws(ReadFailure) -> Node {
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try RegularFile(path: path).readAll(upTo: Limits.textBytes)
    } catch {
      throw ReadFailure(error, path: path)
    }
    do throws(Diagnostics) {
      return try parse(bytes, name: path)
    } catch {
      throw .content(error)
    }
  }
}
