/// Writes elements that are well-formed as XML and as HTML into one buffer of bytes.
///
/// Elements nest by closures, so that every element is closed. Names and fixed attributes are
/// `StaticString`, and all other text is escaped. Therefore no text of a model file can become
/// markup.
package struct MarkupWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package var string: String { String(decoding: bytes, as: UTF8.self) }

  package typealias Attributes = KeyValuePairs<StaticString, Value>

  /// The value of an attribute.
  package enum Value: ExpressibleByStringLiteral, Sendable {
    case constant(StaticString)
    /// A fixed name with a number at its end.
    case numbered(StaticString, Int)
    case text(String)
    case integer(Int)
    /// A length, rounded to a tenth.
    case pixels(Double)
    case path(PathData)
    /// A `viewBox` from the origin.
    case box(width: Int, height: Int)
    /// A `transform` that translates by a number of pixels.
    case shift(x: Double, y: Double)

    package init(stringLiteral value: StaticString) { self = .constant(value) }
  }

  package mutating func element(
    _ name: StaticString, _ attributes: Attributes = [:], _ content: (inout MarkupWriter) -> Void
  ) {
    open(name, attributes)
    append(">")
    content(&self)
    append("</")
    append(name)
    append(">")
  }

  package mutating func element(_ name: StaticString, _ attributes: Attributes = [:], text: String)
  {
    element(name, attributes) { $0.text(text) }
  }

  /// Writes an element without content. HTML allows this for the elements of SVG, and for few
  /// others.
  package mutating func element(_ name: StaticString, _ attributes: Attributes = [:]) {
    open(name, attributes)
    append("/>")
  }

  /// Writes HTML's document type.
  package mutating func documentType() { append("<!DOCTYPE html>\n") }

  /// Writes the declaration at the start of an XML file.
  package mutating func declaration() {
    append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
  }

  package mutating func lineBreak() { append("\n") }

  /// Appends the output of another writer.
  package mutating func append(_ other: MarkupWriter) { bytes += other.bytes }

  /// Writes escaped text.
  ///
  /// Characters that XML forbids, and those that change the direction of text, become U+FFFD. So a
  /// page shows the actual text of a file.
  package mutating func text(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": append("&amp;")
      case "<": append("&lt;")
      case ">": append("&gt;")
      case "\"": append("&quot;")
      case "'": append("&#39;")
      case "\n", "\t": bytes.append(UInt8(ascii: scalar))
      case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}",
        "\u{FFFE}", "\u{FFFF}":
        bytes += [0xEF, 0xBF, 0xBD]
      case _ where scalar.isASCII: bytes.append(UInt8(ascii: scalar))
      default: bytes.append(contentsOf: scalar.utf8)
      }
    }
  }

  private mutating func open(_ name: StaticString, _ attributes: Attributes) {
    append("<")
    append(name)
    for (key, value) in attributes {
      append(" ")
      append(key)
      append("=\"")
      write(value)
      append("\"")
    }
  }

  private mutating func write(_ value: Value) {
    switch value {
    case .constant(let value): append(value)
    case .numbered(let value, let number):
      append(value)
      bytes.append(decimal: number)
    case .text(let value): text(value)
    case .integer(let value): bytes.append(decimal: value)
    case .pixels(let value): bytes.append(tenths: Int((value * 10).rounded()))
    case .path(let value): bytes += value.bytes
    case .box(let width, let height):
      append("0 0 ")
      bytes.append(decimal: width)
      append(" ")
      bytes.append(decimal: height)
    case .shift(let x, let y):
      append("translate(")
      write(.pixels(x))
      append(" ")
      write(.pixels(y))
      append(")")
    }
  }

  private mutating func append(_ constant: StaticString) {
    bytes.append(contentsOf: constant.description.utf8)
  }
}

extension [UInt8] {
  /// Appends a decimal number: `-12`.
  mutating func append(decimal number: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    var magnitude = number.magnitude
    if magnitude < 10 {
      append(UInt8(ascii: "0") + UInt8(magnitude))
      return
    }
    let start = count
    while magnitude > 0 {
      append(UInt8(ascii: "0") + UInt8(magnitude % 10))
      magnitude /= 10
    }
    self[start...].reverse()
  }

  /// Appends a number of tenths in SVG's shortest form: `12`, `3.5`, `-.5`.
  mutating func append(tenths number: Int) {
    let (whole, tenth) = number.magnitude.quotientAndRemainder(dividingBy: 10)
    if number < 0 { append(UInt8(ascii: "-")) }
    if whole > 0 || tenth == 0 { append(decimal: Int(whole)) }
    if tenth > 0 {
      append(UInt8(ascii: "."))
      append(UInt8(ascii: "0") + UInt8(tenth))
    }
  }
}
