internal import Expressions
package import Fields
package import YAML

/// Names for numbers, as a field of a model file states them.
package struct NamedConstants: FieldValue {
  /// The names and numbers, in the order of the file. The mark is the place of the name.
  var values: [(name: String, value: Double, mark: Mark)] = []

  package static var expectation: String { "a mapping of names to numbers below 3.4e38" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<NamedConstants> {
    guard let pairs = node.pairs else { return .mismatch }
    var constants = NamedConstants()
    var wasReported = false
    for pair in pairs {
      guard let name = pair.key.scalar?.text, Formula.isName(name) else {
        diagnostics.error(
          "constants: expected a name of letters, digits and _, received \(pair.key.received)",
          at: pair.key.mark)
        wasReported = true
        continue
      }
      guard case .value(let value) = Double.decode(pair.value, &diagnostics), Float(value).isFinite
      else {
        diagnostics.error(
          "constants: expected a number below 3.4e38, received \(pair.value.received)",
          at: pair.value.mark)
        wasReported = true
        continue
      }
      constants.values.append((name, value, pair.key.mark))
    }
    return wasReported ? .reported : .value(constants)
  }

  package var encoded: Node { .mapping(values.map { ($0.name, $0.value.encoded) }) }
}
