/// A scalar's text as the file has it, where parts of it were replaced by other texts since.
///
/// So a byte of the new text is found in the file: `2 * q` was written as `$(k) * q`, and its `q` stands
/// 7 bytes behind the beginning.
package struct WrittenText: Sendable {
  /// A piece of the new text: a part of the old one, or what took the place of one.
  package struct Piece: Sendable {
    /// Where it begins in the old text.
    let start: Int
    /// Its bytes in the new text.
    let count: Int
    /// True where the new text is the old one.
    let isKept: Bool

    package init(start: Int, count: Int, isKept: Bool) {
      self.start = start
      self.count = count
      self.isKept = isKept
    }
  }

  /// Before anything was replaced.
  let text: String
  private let pieces: [Piece]

  package init(_ text: String, pieces: [Piece]) {
    self.text = text
    self.pieces = pieces
  }

  /// Where byte `offset` of the new text comes from: in what was put in, all of it comes from the
  /// beginning of what it stands for.
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
