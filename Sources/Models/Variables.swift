internal import YAML

/// Replaces `${name}` in the scalars of a document by the values of its `variables:`.
///
/// A scalar that is one `${name}` and nothing else becomes the variable's value, with its type:
/// `"${width}"` can be a number, though YAML wants it in quotes within braces. Any other scalar
/// that was written plain is read anew, and one in quotes stays text. A variable may use those
/// stated before it. `$${` stands for `${` itself. The environment is never read.
struct Variables {
  private var values: [String: Scalar] = [:]

  /// Replaces all uses in `document`; reports undefined ones.
  static func resolve(_ document: Node, _ diagnostics: inout Diagnostics) -> Node {
    guard var pairs = document.pairs else { return document }
    var variables = Variables()
    if let index = pairs.firstIndex(where: { $0.key.scalar?.text == "variables" }) {
      pairs[index].value = variables.define(pairs[index].value, &diagnostics)
    }
    for index in pairs.indices where pairs[index].key.scalar?.text != "variables" {
      pairs[index].value = variables.replace(in: pairs[index].value, &diagnostics)
    }
    return Node(.mapping(pairs), at: document.mark)
  }

  private mutating func define(_ node: Node, _ diagnostics: inout Diagnostics) -> Node {
    guard var pairs = node.pairs else {
      diagnostics.error(
        "variables: expected a mapping of names to values, received \(node.received)",
        at: node.mark)
      return node
    }
    for index in pairs.indices {
      let name = pairs[index].key.scalar?.text ?? ""
      guard Variables.isName(name), pairs[index].value.scalar != nil else {
        diagnostics.error(
          "variables: expected a name of letters, digits and _ with a single value, received "
            + "\(pairs[index].key.received): \(pairs[index].value.received)",
          at: pairs[index].key.mark)
        continue
      }
      pairs[index].value = replace(in: pairs[index].value, &diagnostics)
      values[name] = pairs[index].value.scalar
    }
    return Node(.mapping(pairs), at: node.mark)
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100
      && name.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  private func replace(in node: Node, _ diagnostics: inout Diagnostics) -> Node {
    switch node.value {
    case .scalar(let scalar):
      guard scalar.text.contains("${") else { return node }
      if let value = value(ofLone: scalar.text) { return Node(.scalar(value), at: node.mark) }
      let text = expand(scalar.text, at: node.mark, &diagnostics)
      return Node(.scalar(Scalar(text: text, style: scalar.style)), at: node.mark)
    case .sequence(let items):
      return Node(.sequence(items.map { replace(in: $0, &diagnostics) }), at: node.mark)
    case .mapping(let pairs):
      return Node(
        .mapping(
          pairs.map { Node.Pair(key: $0.key, value: replace(in: $0.value, &diagnostics)) }),
        at: node.mark)
    }
  }

  /// The value of the variable that is all of the text: `${name}`.
  private func value(ofLone text: String) -> Scalar? {
    guard text.hasPrefix("${"), text.hasSuffix("}") else { return nil }
    return values[String(text.dropFirst(2).dropLast())]
  }

  private func expand(_ text: String, at mark: Mark, _ diagnostics: inout Diagnostics) -> String {
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      let after = rest[rest.index(after: dollar)...]
      if after.hasPrefix("${") {
        result += "${"
        rest = after.dropFirst(2)
      } else if after.hasPrefix("{") {
        guard let end = after.firstIndex(of: "}") else {
          diagnostics.error("'${' without a closing '}'", at: mark)
          return text
        }
        let name = String(after[after.index(after: after.startIndex)..<end])
        if let value = values[name] {
          result += value.text
        } else {
          let known = values.keys.sorted()
          diagnostics.error(
            "undefined variable '\(name.quotable)'"
              + (known.isEmpty ? " (the file has no variables)" : ""),
            at: mark, suggestion: known.nearest(to: name))
        }
        // A variable's text may be long and used often: a file cannot make more of it than a scalar
        // may hold.
        guard result.utf8.count <= 1 << 20 else {
          diagnostics.error("more than 1 MB of text once its variables are replaced", at: mark)
          return text
        }
        rest = after[after.index(after: end)...]
      } else {
        result += "$"
        rest = after
      }
    }
    return result + rest
  }
}
