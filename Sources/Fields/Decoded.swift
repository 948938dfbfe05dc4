package import YAML

/// The result of decoding a node for a field.
package enum Decoded<Value> {
  case value(Value)
  /// The node has another kind than expected. The field reports its expectation and the received
  /// value.
  case mismatch
  /// The node, or values inside it, are wrong in a known way. The field reports each of them.
  case wrong([WrongValue])
  /// The node is wrong inside. The mistake is already reported.
  case reported

  /// Transforms a decoded value. The value is wrong when `transform` returns nil.
  ///
  /// - Parameter node: the node that the value was read from.
  package func compactMap<Result>(
    of node: Node, _ transform: (Value) -> Result?
  ) -> Decoded<Result> {
    switch self {
    case .value(let value):
      transform(value).map(Decoded<Result>.value) ?? .wrong([WrongValue(refused: node)])
    case .mismatch: .mismatch
    case .wrong(let parts): .wrong(parts)
    case .reported: .reported
    }
  }
}
