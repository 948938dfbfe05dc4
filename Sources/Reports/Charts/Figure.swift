internal import Expressions

/// A drawn chart, for a file of its own or a place in a page.
package struct Figure: Sendable {
  package let width: Int
  package let height: Int
  /// The text for readers who do not see the chart.
  package let description: String
  /// The number of palette colours that the style sheet must define.
  package let colorCount: Int
  package let markup: MarkupWriter
}

/// Estimates the width of a text in the charts' typeface, because the viewer's font is unknown.
package func textWidth(_ text: String, size: Double) -> Double {
  text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 0.58 : 1) * size }
}

extension String {
  /// Returns at most `limit` characters of a name of any length.
  package func shortened(to limit: Int) -> String {
    let scalars = unicodeScalars
    guard let end = scalars.index(startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
      end != scalars.endIndex
    else { return self }
    return String(scalars[..<scalars.index(before: end)]) + "…"
  }
}
