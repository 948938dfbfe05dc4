/// The decoded text of a file, with the mistakes found in its bytes.
struct DecodedText {
  /// The text that messages show.
  let source: SourceText
  /// The text that libyaml reads. Characters that YAML forbids are replaced, so that reading can
  /// continue.
  let readable: String
  let faults: Diagnostics
}
