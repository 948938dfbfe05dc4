extension Node {
  /// Reads a text that contains one document.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8, or UTF-16 with a byte order mark.
  ///   - name: the name of the text in messages: its path.
  /// - Throws: all mistakes, including those before a syntax error. Rendering sorts them by
  ///   position.
  package static func parse(_ bytes: [UInt8], name: String) throws(Diagnostics) -> Node {
    try Parser.parse(SourceText.decode(bytes, name: name))
  }
}
