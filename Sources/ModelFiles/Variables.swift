internal import Expressions
internal import YAML

/// Reads the `variables:` of a document. A variable may use earlier variables. The environment is
/// never read.
extension Scope {
  /// Defines the variables of a section.
  ///
  /// - Returns: the section with the replaced values.
  mutating func define(
    variables node: Node, _ substitution: inout Substitution, _ diagnostics: inout Diagnostics
  ) -> Node {
    guard var pairs = node.pairs else {
      diagnostics.error(
        "variables: expected a mapping of names to values, received \(node.received)",
        at: node.mark)
      lacksVariables = true
      return node
    }
    variableNames = pairs.compactMap(Scope.name)
    for index in pairs.indices {
      guard let name = Scope.name(pairs[index]) else {
        diagnostics.error(
          "variables: expected a name of letters, digits and _ with a single value, received "
            + "\(pairs[index].key.received): \(pairs[index].value.received)",
          at: pairs[index].key.mark)
        if let text = pairs[index].key.scalar?.text {
          define(variable: text, Scope.Argument.unknown.node)
        }
        continue
      }
      let place = pairs[index].value.mark
      pairs[index].value = substitution.replace(in: pairs[index].value, self, &diagnostics)
      let value = pairs[index].value
      define(variable: name, Node(value.value, at: value.mark.isUnknown ? value.mark : place))
    }
    return Node(.mapping(pairs), at: node.mark)
  }

  /// Returns the name of a variable. Nil for a pair that is not a valid variable.
  private static func name(_ pair: Node.Pair) -> String? {
    guard let name = pair.key.scalar?.text, pair.value.scalar != nil,
      (1...100).contains(name.utf8.count), name.utf8.allSatisfy(\.isNameByte)
    else { return nil }
    return name
  }
}

extension Node {
  /// The node with escaped `${` and `$(`, so that a reader takes them as literal text.
  var escapingVariables: Node {
    switch value {
    case .scalar(let scalar):
      guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return self }
      let text = ["${", "$("].reduce(scalar.text) { text, use in
        text.split(separator: use, omittingEmptySubsequences: false).joined(separator: "$" + use)
      }
      guard text != scalar.text else { return self }
      return Node(.scalar(Scalar(text: text, style: scalar.style)), at: mark)
    case .sequence(let items):
      return Node(.sequence(items.map(\.escapingVariables)), at: mark)
    case .mapping(let pairs):
      return Node(
        .mapping(pairs.map { Pair(key: $0.key, value: $0.value.escapingVariables) }), at: mark)
    }
  }
}
