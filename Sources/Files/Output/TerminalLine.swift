internal import YAML

/// Formats one line of a terminal to the width of its window.
package enum TerminalLine {
  /// Joins the parts of a line with two spaces. A line that is too wide is cut and ends with an
  /// ellipsis.
  ///
  /// - Parameter width: the columns of the terminal. Below 1, the result is empty.
  package static func text(_ parts: [String], width: Int) -> String {
    cut(parts.joined(separator: "  "), width: width)
  }

  /// The beginning of a text that fits into `width` columns. An ellipsis marks an omitted rest.
  package static func cut(_ text: String, width: Int) -> String {
    guard columns(of: text) > width else { return text }
    guard width > 0 else { return "" }
    var (kept, used) = ("", 0)
    for character in text {
      let columns = columns(of: character)
      guard used + columns <= width - 1 else { break }
      kept.append(character)
      used += columns
    }
    return kept + "…"
  }

  /// The number of columns of a text.
  package static func columns(of text: String) -> Int { text.reduce(0) { $0 + columns(of: $1) } }

  /// The number of columns of a character: 2 for East Asian characters and emoji, 0 for a lone
  /// mark, 1 for all others.
  private static func columns(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if character.unicodeScalars.contains(where: { $0.value == 0xFE0F }) { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return isWide(first) ? 2 : 1
    }
  }

  /// Whether the scalar is wide or full-width.
  ///
  /// Reference: Unicode Standard Annex 11, "East Asian Width".
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isEmojiPresentation { return true }
    return switch scalar.value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
      0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
      0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
