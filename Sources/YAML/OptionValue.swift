/// Information about the command-line option that gave a value.
///
/// A copy of the source stores it for exactly one node: see ``SourceText/init(copying:option:)``.
package struct OptionValue: Sendable {
  /// The value as the user typed it, if the node is a list or a mapping. Nil for other nodes.
  package let text: String?
  /// The reason why a value in brackets or braces is read as a text. Nil for other values.
  package let flaw: String?
  /// The notes that are added to messages about the node.
  package let notes: [Diagnostic.Note]

  package init(text: String? = nil, flaw: String? = nil, notes: [Diagnostic.Note] = []) {
    self.text = text
    self.flaw = flaw
    self.notes = notes
  }
}

extension Node {
  /// The whole text of an option's value, which a text field takes verbatim. Nil for `~` and for
  /// nodes that are not options.
  package var optionText: String? {
    guard let scalar else { return mark.source.option?.text }
    return scalar.style == .option && scalar.trimmedText != "~" ? scalar.text : nil
  }
}
