/// Why a model file gave no node.
package enum ReadFailure: Error, Sendable {
  /// The file could not be read; one line for the user.
  case io(String)
  /// The file was read and is wrong.
  case content(Diagnostics)
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
    let bytes = try RegularFile(path: path).read(upTo: Limits.textBytes)
    do throws(Diagnostics) {
      return try parse(bytes, name: path)
    } catch {
      throw .content(error)
    }
  }
}
