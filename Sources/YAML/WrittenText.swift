/// The text of a scalar in the file, before parts of it were replaced.
///
/// It maps a byte of the new text back to the file. For example, `2 * q` was written as `$(k) * q`,
/// and its `q` is 7 bytes after the beginning.
package struct WrittenText: Sendable {
  /// A piece of the new text: an unchanged part of the old text, or a replacement.
  package struct Piece: Sendable {
    /// The offset in the old text.
    let start: Int
    /// The byte count in the new text.
    let count: Int
    /// Whether the piece is unchanged.
    let isKept: Bool

    package init(start: Int, count: Int, isKept: Bool) {
      self.start = start
      self.count = count
      self.isKept = isKept
    }
  }

  /// The text before any replacement.
  let text: String
  private let pieces: [Piece]

  package init(_ text: String, pieces: [Piece]) {
    self.text = text
    self.pieces = pieces
  }

  /// Maps byte `offset` of the new text to its offset in the old text. All bytes of a replacement
  /// map to the beginning of the replaced part.
  func origin(of offset: Int) -> Int {
    var begin = 0
    for piece in pieces {
      if offset < begin + piece.count {
        return piece.isKept ? piece.start + max(0, offset - begin) : piece.start
      }
      begin += piece.count
    }
    return text.utf8.count
  }
}
