/// What a document may ask for. Everything up to a limit is read, everything beyond is refused with
/// its place, so that no text takes more than a second or 200 MB.
package enum Limits {
  /// The bytes of a file, as it is stored: 16 MB.
  package static let textBytes = 16 << 20
  /// Collections inside collections, the outermost being the first, aliases expanded.
  package static let depth = 64
  /// Scalars (keys are some) and collections, each alias counted as all that it stands for.
  package static let nodes = 1_000_000
  /// Names of anchors.
  package static let anchors = 100_000
  /// The bytes of one scalar in UTF-8, quotes taken off and escapes replaced: 1 MB.
  package static let scalarBytes = 1 << 20
  /// Combining marks in a row: Unicode's Stream-Safe Text Format (UAX #15) allows as many.
  ///
  /// Swift compares and hashes texts by canonical equivalence, for which it sorts the marks of a
  /// letter, in quadratic time: a key of 200,000 marks would take half a minute.
  package static let combiningMarks = 30
  /// `%` lines before the document. libyaml compares each with all before it.
  package static let directives = 64
  /// Places with bytes that are no text; a file with more is no text at all, and not read on.
  package static let unreadableCharacters = 20
  /// Blanks and line breaks in a row, times the number of such runs after them.
  ///
  /// libyaml keeps the run between two words in a buffer that it never shrinks and that it clears
  /// at each word: a run of a million blanks and a million words after it would take a minute. This
  /// much takes a tenth of a second, and a text with no more than 200 in a row never reaches it.
  package static let blankWork = 4_000_000_000
}
