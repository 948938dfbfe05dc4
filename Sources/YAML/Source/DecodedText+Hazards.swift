/// Texts that libyaml would read in quadratic time.
extension DecodedText {
  /// The reason why libyaml must not read the text. Nil for nearly every text.
  var hazard: Diagnostic? { directiveHazard ?? blankHazard }

  /// Reports too many `%` lines before the document. libyaml compares each `%TAG` with all earlier
  /// ones.
  private var directiveHazard: Diagnostic? {
    let bytes = source.text.utf8Span.span
    var count = 0
    var offset = 0
    while offset < bytes.count {
      let start = offset
      while offset < bytes.count, bytes[offset] == 0x20 || bytes[offset] == 0x09 { offset += 1 }
      guard offset < bytes.count else { return nil }
      if offset == start, bytes[offset] == UInt8(ascii: "%") {
        count += 1
        guard count <= Limits.directives else {
          return Diagnostic(
            "more than \(Limits.directives) directives before the document",
            at: source.mark(at: offset))
        }
      } else if bytes[offset] != UInt8(ascii: "#"), !bytes.isBreak(at: offset) {
        return nil
      }
      while offset < bytes.count, !bytes.isBreak(at: offset) { offset += 1 }
      while offset < bytes.count, bytes.isBlank(at: offset), bytes[offset] != 0x20,
        bytes[offset] != 0x09
      {
        offset += 1
      }
    }
    return nil
  }

  /// Reports long runs of blanks followed by many words: see ``Limits/blankWork``.
  private var blankHazard: Diagnostic? {
    let bytes = source.text.utf8Span.span
    var run = 0
    var longest = 0
    var buffer = 16
    var work = 0
    for offset in bytes.indices {
      if bytes.isBlank(at: offset) {
        run += 1
      } else if run > 0 {
        longest = max(longest, run)
        // libyaml doubles its buffer when fewer than five bytes are free.
        while buffer < longest + 5 { buffer *= 2 }
        work += buffer
        guard work <= Limits.blankWork else {
          return Diagnostic(
            "reading stops here, since it would take too long: a run of \(longest) blanks or line "
              + "breaks precedes this, and too much text follows", at: source.mark(at: offset)
          )
        }
        run = 0
      }
    }
    return nil
  }
}
