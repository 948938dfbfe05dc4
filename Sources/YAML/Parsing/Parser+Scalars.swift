extension Parser {
  /// Checks the limits of a scalar and applies its tag. Reports a refused scalar and returns nil.
  ///
  /// A tag of the core schema is applied if the text allows it. `!!str 1` is a text, `!!int "1"` is
  /// a number, and `!!float 1` is `1.0`. Any other tag names an unknown type.
  mutating func checked(_ scalar: Scalar, tag: String?, at mark: Mark) -> Scalar? {
    guard scalar.text.utf8.count <= Limits.scalarBytes else {
      report(
        Diagnostic(
          "this text has \(scalar.text.utf8.count) bytes; at most "
            + "\(Limits.scalarBytes) (1 MB) are allowed", at: mark))
      return nil
    }
    guard scalar.text.hasFewCombiningMarks else {
      report(
        Diagnostic(
          "this text has more than \(Limits.combiningMarks) combining marks in a row", at: mark))
      return nil
    }
    guard let tag else { return scalar }
    let plain = Scalar(text: scalar.text, style: .plain)
    switch (Tag(tag), plain.resolved) {
    case (.core("str"), _), (.unspecific, _):
      return Scalar(text: scalar.text, style: .quoted)
    case (.core("int"), .integer), (.core("int"), .hugeInteger), (.core("float"), .number),
      (.core("float"), .hugeInteger), (.core("bool"), .boolean), (.core("null"), .null):
      return plain
    case (.core("float"), .integer(let value)):
      return Scalar(text: "\(Double(value))", style: .plain)
    case (let tag, _):
      report(tag.refusal(of: "'\(scalar.text.quotable)'", at: mark))
      return nil
    }
  }

  /// Refuses a collection whose tag does not fit.
  ///
  /// - Parameter name: the only core tag that this kind of collection may have.
  mutating func checkTag(
    _ tag: String?, isFor name: String, at mark: Mark, _ subtree: inout Subtree
  ) {
    guard let tag = tag.map({ Tag($0) }), tag != .unspecific, tag != .core(name) else { return }
    report(tag.refusal(of: subtree.node?.received ?? "it", at: mark))
    subtree.node = nil
  }
}

/// The tag of a node. It begins with `!`.
private enum Tag: Equatable {
  /// `!` alone. It makes a scalar a text, and does not change a collection.
  case unspecific
  /// A type of the core schema: `str` for `!!str`.
  case core(String)
  case unknown(String)

  private static let prefix = "tag:yaml.org,2002:"
  private static let names = ["str", "int", "float", "bool", "null", "map", "seq"]

  init(_ tag: String) {
    let name = tag.hasPrefix(Tag.prefix) ? String(tag.dropFirst(Tag.prefix.count)) : nil
    if tag == "!" {
      self = .unspecific
    } else if let name, Tag.names.contains(name) {
      self = .core(name)
    } else {
      self = .unknown(name.map { "!!\($0)" } ?? (tag.hasPrefix("!") ? tag : "!<\(tag)>"))
    }
  }

  func refusal(of value: String, at mark: Mark) -> Diagnostic {
    switch self {
    case .unspecific:
      return Diagnostic("the tag '!' contradicts \(value)", at: mark)
    case .core(let name):
      return Diagnostic("the tag '!!\(name)' contradicts \(value)", at: mark)
    case .unknown(let tag):
      let known = Tag.names.map { "!!\($0)" }
      return Diagnostic(
        "unknown tag '\(tag.quotable)' (known tags: \(known.joined(separator: ", ")))", at: mark,
        suggestion: known.nearest(to: tag))
    }
  }
}

extension String {
  package var hasFewCombiningMarks: Bool {
    // A mark takes at least two bytes.
    guard utf8.count > 2 * Limits.combiningMarks, !utf8.allSatisfy({ $0 < 0x80 }) else {
      return true
    }
    var run = 0
    for scalar in unicodeScalars {
      // The first combining mark is U+0300.
      let isMark =
        scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered
      run = isMark ? run + 1 : 0
      if run > Limits.combiningMarks { return false }
    }
    return true
  }
}
