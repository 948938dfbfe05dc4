package import YAML

/// Reads one mapping by one or several lists of fields, and reports unknown keys.
package struct FieldReader {
  private let node: Node
  private let pairs: [Node.Pair]
  private let subject: String
  private var known: [String] = []
  /// False after a mistake was reported.
  package private(set) var isValid = true

  /// - Parameter subject: the name of the mapping in messages: "solver SGD".
  /// - Returns: nil if `node` is not a mapping. The mistake is then reported.
  package init?(_ node: Node, of subject: String, _ diagnostics: inout Diagnostics) {
    guard let pairs = node.pairs else {
      diagnostics.error(
        "\(subject): expected a mapping, received \(node.received)", at: node.mark)
      return nil
    }
    self.node = node
    self.pairs = pairs
    self.subject = subject
  }

  /// Accepts `names` as known keys that another reader decodes.
  package mutating func allow(_ names: [String]) { known += names }

  package mutating func read<Owner: FieldOwner>(
    into owner: inout Owner, _ diagnostics: inout Diagnostics
  ) {
    let fields = Owner.fields
    // The mapping may be long, but the fields are few. Therefore the loop passes over the mapping
    // only once.
    var values = [Node?](repeating: nil, count: fields.count)
    for pair in pairs {
      guard let name = pair.key.scalar?.text,
        let place = fields.firstIndex(where: { $0.name == name })
      else { continue }
      if values[place] == nil { values[place] = pair.value }
    }
    for (field, value) in zip(fields, values) {
      known.append(field.name)
      if let value {
        // A field without a value keeps its default, unless the field is required.
        let isText = field.isText && value.optionText != nil
        if value.isNull && !field.isRequired && !isText { continue }
        if !field.decode(value, &owner, &diagnostics) { isValid = false }
      } else if field.isRequired {
        diagnostics.error(
          "\(subject): '\(field.name)' is missing: expected \(field.expectation)", at: node.mark)
        isValid = false
      }
    }
    if isValid { report(owner.idleFields, &diagnostics) }
    if isValid, let inconsistency = owner.inconsistency {
      diagnostics.error("\(subject): \(inconsistency)", at: node.mark)
      isValid = false
    }
  }

  /// Reports the idle fields that the mapping states.
  package mutating func report(_ idle: [IdleField], _ diagnostics: inout Diagnostics) {
    for field in idle {
      guard let value = node[field.name], !value.isNull else { continue }
      diagnostics.error(field.message, at: value.mark)
      isValid = false
    }
  }

  /// Reports every key that does not belong to any list of fields.
  package mutating func finish(_ diagnostics: inout Diagnostics) {
    // For each source text, the fields that it does not state. The lists are kept, because there
    // may be many unknown keys.
    var free: [String: [String]] = [:]
    for pair in pairs {
      if let name = pair.key.scalar?.text, known.contains(name) { continue }
      isValid = false
      if diagnostics.isFull {
        diagnostics.omitErrors(1)
      } else {
        let text = pair.key.mark.source.name
        let names = free[text] ?? freeNames(in: text)
        free[text] = names
        diagnostics.report(unknown(pair.key, free: names))
      }
    }
  }

  /// The known fields that a source text does not state, as candidates for suggestions.
  ///
  /// A key cannot mean a field that the same text already states. An override on the command line
  /// may mean a field that a file states, because it replaces that field.
  private func freeNames(in text: String) -> [String] {
    let stated = Set(
      pairs.filter { $0.key.mark.source.name == text }.compactMap { $0.key.scalar?.text })
    return known.filter { !stated.contains($0) }
  }

  private func unknown(_ key: Node, free: [String]) -> Diagnostic {
    guard let name = key.scalar?.text else {
      return Diagnostic(
        "\(subject): expected a field name, received \(key.received)", at: key.mark)
    }
    let message = "\(subject): unknown field '\(name.quotable)'"
    // In flow style, 'a:1' is a key without a value.
    if let colon = name.firstIndex(of: ":"), known.contains(String(name[..<colon])) {
      return Diagnostic("\(message): a space is missing after ':'", at: key.mark)
    }
    return Diagnostic(message, at: key.mark, suggestion: free.nearest(to: name))
  }
}
