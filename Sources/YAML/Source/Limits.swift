/// The limits of a document.
///
/// Everything up to a limit is read. Everything beyond it is refused with its position, so that no
/// text takes more than a second or 200 MB.
package enum Limits {
  /// The size of a file in bytes: 16 MB.
  package static let textBytes = 16 << 20
  /// The nesting depth of collections, with aliases expanded. The outermost collection has depth 1.
  package static let depth = 64
  /// The number of scalars (including keys) and collections. Each alias counts all nodes that it
  /// refers to.
  package static let nodes = 1_000_000
  /// The number of anchor names.
  package static let anchors = 100_000
  /// The UTF-8 bytes of one scalar, without quotes and with escapes replaced: 1 MB.
  package static let scalarBytes = 1 << 20
  /// The number of consecutive combining marks. Unicode's Stream-Safe Text Format (UAX #15) has the
  /// same limit.
  ///
  /// Swift compares and hashes texts by canonical equivalence. It sorts the marks of a letter in
  /// quadratic time: a key with 200,000 marks would take half a minute.
  package static let combiningMarks = 30
  /// The number of `%` lines before the document. libyaml compares each with all earlier ones.
  package static let directives = 64
  /// The number of undecodable or forbidden characters. Reading stops at a file with more, since it
  /// is not a text file.
  package static let unreadableCharacters = 20
  /// The longest run of blanks and line breaks, times the number of runs after it.
  ///
  /// libyaml keeps the run between two words in a buffer. It never shrinks the buffer, and clears
  /// it at each word. A run of a million blanks with a million words after it would take a minute.
  /// Work up to this limit takes a tenth of a second. A text with runs of at most 200 blanks never
  /// reaches the limit.
  package static let blankWork = 4_000_000_000
}
