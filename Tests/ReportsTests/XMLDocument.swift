/// A strict XML parser, which refuses markup that a browser would repair silently.
struct XMLDocument {
  struct Element {
    var name: String
    var attributes: [String: String]
    var children: [Element] = []
    /// The text of this element and its descendants.
    var text = ""

    /// This element and its descendants, in document order.
    var all: [Element] { [self] + children.flatMap(\.all) }

    func all(_ name: String) -> [Element] { all.filter { $0.name == name } }

    func all(class name: String) -> [Element] {
      all.filter { ($0.attributes["class"] ?? "").split(separator: " ").contains { $0 == name } }
    }
  }

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  let root: Element

  init(_ text: String) throws {
    var reader = Reader(text: Array(text.unicodeScalars))
    reader.skipSpace()
    if reader.reads("<!DOCTYPE html>") { reader.skipSpace() }
    root = try reader.element()
    reader.skipSpace()
    guard reader.isAtEnd else { throw reader.problem("more than one root") }
  }
}

private struct Reader {
  let text: [Unicode.Scalar]
  var position = 0

  var isAtEnd: Bool { position == text.count }

  func problem(_ message: String) -> XMLDocument.Problem {
    let context = String(String.UnicodeScalarView(text[max(0, position - 40)..<position]))
    return XMLDocument.Problem(description: "\(message) after “\(context)”")
  }

  mutating func reads(_ word: String) -> Bool {
    let scalars = Array(word.unicodeScalars)
    guard text[position...].starts(with: scalars) else { return false }
    position += scalars.count
    return true
  }

  mutating func expect(_ word: String) throws {
    guard reads(word) else { throw problem("expected \(word)") }
  }

  mutating func skipSpace() {
    while position < text.count, [" ", "\n", "\t"].contains(text[position]) { position += 1 }
  }

  mutating func name() throws -> String {
    let start = position
    while position < text.count, text[position].isNamePart { position += 1 }
    guard position > start else { throw problem("expected a name") }
    return String(String.UnicodeScalarView(text[start..<position]))
  }

  mutating func element() throws -> XMLDocument.Element {
    try expect("<")
    var element = XMLDocument.Element(name: try name(), attributes: [:])
    while !reads(">") {
      if reads("/>") { return element }
      try expect(" ")
      let key = try name()
      try expect("=\"")
      let value = try characters(until: "\"")
      try expect("\"")
      guard element.attributes.updateValue(value, forKey: key) == nil else {
        throw problem("a second \(key)")
      }
    }
    while true {
      element.text += try characters(until: "<")
      if reads("</") { break }
      let child = try self.element()
      element.text += child.text
      element.children.append(child)
    }
    try expect(element.name)
    try expect(">")
    return element
  }

  mutating func characters(until end: Unicode.Scalar) throws -> String {
    var result = String.UnicodeScalarView()
    while position < text.count, text[position] != end {
      let scalar = text[position]
      position += 1
      switch scalar {
      case "<": throw problem("a bare <")
      case "&": result.append(try reference())
      case "\n", "\t": result.append(scalar)
      case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": throw problem("a control character")
      default: result.append(scalar)
      }
    }
    guard !isAtEnd else { throw problem("no \(end)") }
    return String(result)
  }

  mutating func reference() throws -> Unicode.Scalar {
    let known: KeyValuePairs<String, Unicode.Scalar> = [
      "amp;": "&", "lt;": "<", "gt;": ">", "quot;": "\"", "#39;": "'",
    ]
    for (word, scalar) in known where reads(word) { return scalar }
    throw problem("an unknown reference")
  }
}

extension Unicode.Scalar {
  fileprivate var isNamePart: Bool {
    properties.isAlphabetic || ("0"..."9").contains(self) || ["-", "_", ":"].contains(self)
  }
}
