package import YAML

/// A choice among names: an enumeration with raw text values.
///
/// A file may write a name in capitals or small letters, or use an alias. For example, Caffe's
/// `MAX` and `AVE` mean `max` and `average`. The resolved document contains the raw value.
package protocol FieldChoice: FieldValue, CaseIterable, RawRepresentable<String> {
  /// Alternative names of cases.
  static var aliases: KeyValuePairs<String, Self> { get }
}

extension FieldChoice {
  package static var isChoice: Bool { true }
  package static var aliases: KeyValuePairs<String, Self> { [:] }

  /// For example "one of max, average (or AVE)".
  package static var expectation: String {
    let names = allCases.map { value in
      let others = aliases.filter { $0.value.rawValue == value.rawValue }.map { $0.key }
      return others.isEmpty
        ? value.rawValue : "\(value.rawValue) (or \(others.joined(separator: ", ")))"
    }
    return "one of " + names.joined(separator: ", ")
  }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Self> {
    guard let text = node.scalar?.text else { return .mismatch }
    let names = allCases.map { ($0.rawValue, $0) } + aliases.map { ($0.key, $0.value) }
    let received = text.lowercased()
    if let found = names.first(where: { $0.0.lowercased() == received }) { return .value(found.1) }
    let known = names.map { $0.0 }
    guard let suggestion = known.nearest(to: text) else { return .mismatch }
    return .wrong([WrongValue(node, expected: expectation, suggestion: suggestion)])
  }

  package var encoded: Node { .text(rawValue) }
}
