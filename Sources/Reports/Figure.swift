/// A drawn chart: markup that stands on a page of its own or next to others.
package struct Figure: Sendable {
  package let width: Int
  package let height: Int
  /// What a reader hears who does not see the chart.
  package let description: String
  /// How many colours of the palette its style sheet must know.
  package let colorCount: Int
  package let markup: MarkupWriter
}

/// How wide a text of the charts' typeface will be, about: nothing here knows the font that a
/// viewer has.
package func textWidth(_ text: String, size: Double) -> Double {
  text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 0.58 : 1) * size }
}

extension String {
  /// At most `limit` characters of a name that can be any length.
  package func shortened(to limit: Int) -> String {
    let scalars = unicodeScalars
    guard let end = scalars.index(startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
      end != scalars.endIndex
    else { return self }
    return String(scalars[..<scalars.index(before: end)]) + "…"
  }
}
