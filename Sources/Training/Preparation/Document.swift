package import Files
package import ModelFiles
package import YAML

/// A YAML file as `dlrun expand` prints it.
package enum Document {
  /// - Parameters:
  ///   - overrides: applied to a model; a raw document takes none.
  ///   - isRaw: true for the document as parsed, whatever it is about.
  /// - Throws: ``RunFailure``.
  package static func read(
    _ path: String, overrides: [Override], isRaw: Bool
  ) throws(RunFailure) -> Node {
    guard isRaw else {
      return try PreparedModel(path: path, overrides: overrides).file.resolved()
    }
    var diagnostics = Diagnostics()
    var document = try read(path)
    for override in overrides { document = override.apply(to: document, &diagnostics) }
    if diagnostics.hasErrors { throw .refused(diagnostics) }
    return document
  }

  /// The document of a file.
  package static func read(_ path: String) throws(RunFailure) -> Node {
    do throws(ReadFailure) {
      return try Node.read(path: path)
    } catch {
      throw RunFailure(error)
    }
  }
}
