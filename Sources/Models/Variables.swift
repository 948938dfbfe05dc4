internal import YAML

/// Replaces `${name}` in the scalars of a document by the values of its `variables:`.
///
/// A scalar that is one `${name}` and nothing else becomes the variable's value, with its type:
/// `"${width}"` can be a number, though YAML wants it in quotes within braces. Any other scalar
/// that was written plain is read anew, and one in quotes stays text. A variable may use those
/// stated before it. `$${` stands for `${` itself. The environment is never read.
///
/// A text of many short uses could stand for any amount of memory: all replaced texts together have
/// at most the 16 MB that a file may have, each at most the 1 MB of a scalar.
struct Variables {
  private var values: [String: Scalar] = [:]
  /// All that the file has, in its order.
  private var names: [String] = []
  /// Bytes of the texts that hold variables' values.
  private var replacedBytes = 0

  /// Replaces all uses in `document`; reports undefined ones.
  static func resolve(_ document: Node, _ diagnostics: inout Diagnostics) -> Node {
    guard var pairs = document.pairs else { return document }
    var variables = Variables()
    if let index = pairs.firstIndex(where: { $0.key.scalar?.text == "variables" }),
      !pairs[index].value.isNull
    {
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
    names = pairs.compactMap(Variables.name)
    for index in pairs.indices {
      guard let name = Variables.name(pairs[index]) else {
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

  /// The name of a variable; nil where the pair is none.
  private static func name(_ pair: Node.Pair) -> String? {
    guard let name = pair.key.scalar?.text, pair.value.scalar != nil,
      (1...100).contains(name.utf8.count), name.utf8.allSatisfy(isNameByte)
    else { return nil }
    return name
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private mutating func replace(in node: Node, _ diagnostics: inout Diagnostics) -> Node {
    switch node.value {
    case .scalar(let scalar):
      guard scalar.text.contains("${") else { return node }
      guard replacedBytes <= Limits.textBytes else { return node }
      let value =
        value(ofLone: scalar.text)
        ?? Scalar(text: expand(scalar.text, at: node.mark, &diagnostics), style: scalar.style)
      replacedBytes += value.text.utf8.count
      if replacedBytes > Limits.textBytes {
        diagnostics.error("more than 16 MB of text once all variables are replaced", at: node.mark)
        return node
      }
      return Node(.scalar(value), at: node.mark)
    case .sequence(var items):
      for index in items.indices { items[index] = replace(in: items[index], &diagnostics) }
      return Node(.sequence(items), at: node.mark)
    case .mapping(var pairs):
      for index in pairs.indices {
        pairs[index].value = replace(in: pairs[index].value, &diagnostics)
      }
      return Node(.mapping(pairs), at: node.mark)
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
        } else if diagnostics.isFull {
          diagnostics.omitErrors(1)
        } else {
          report(name, at: mark, &diagnostics)
        }
        // A variable's text may be long and used often: a file cannot make more of it than a scalar
        // may hold.
        guard result.utf8.count <= Limits.scalarBytes else {
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

  private func report(_ name: String, at mark: Mark, _ diagnostics: inout Diagnostics) {
    if names.contains(name) {
      diagnostics.error("variable '\(name.quotable)' is used above its value", at: mark)
    } else {
      diagnostics.error(
        "undefined variable '\(name.quotable)'"
          + (names.isEmpty ? " (the file has no variables)" : ""),
        at: mark, suggestion: names.nearest(to: name))
    }
  }
}

extension Node {
  /// The node as a file must state it so that nothing in it is taken for the use of a variable.
  var escapingVariables: Node {
    switch value {
    case .scalar(let scalar):
      guard scalar.text.contains("${") else { return self }
      let text = scalar.text.split(separator: "${", omittingEmptySubsequences: false)
        .joined(separator: "$${")
      return Node(.scalar(Scalar(text: text, style: scalar.style)), at: mark)
    case .sequence(let items):
      return Node(.sequence(items.map(\.escapingVariables)), at: mark)
    case .mapping(let pairs):
      return Node(
        .mapping(pairs.map { Pair(key: $0.key, value: $0.value.escapingVariables) }), at: mark)
    }
  }
}
