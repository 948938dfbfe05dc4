internal import YAML

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
}
