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
}
