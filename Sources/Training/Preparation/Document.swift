package import Files
package import ModelFiles
package import YAML

/// Reads a YAML file for `dlrun expand`.
package enum Document {
  /// Reads a resolved model file, or a raw document.
  ///
  /// - Parameters:
  ///   - overrides: The overrides of the model or of the raw document.
  ///   - isRaw: True for the document as parsed, which may be about anything.
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

  /// Reads the document of a file.
  package static func read(_ path: String) throws(RunFailure) -> Node {
    do throws(ReadFailure) {
      return try Node.read(path: path)
    } catch {
      throw RunFailure(error)
    }
  }
}
