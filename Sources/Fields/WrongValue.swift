package import YAML

/// A wrong value and its position.
package struct WrongValue: Sendable {
  package let mark: Mark
  /// The expectation. Nil means the expectation of the field.
  package let expectation: String?
  package let received: String
  package let suggestion: String?
  /// Whether the value is a number beyond 64-bit integers.
  let isBeyondIntegers: Bool

  /// - Parameter received: the description of the received value. Nil to describe the node.
  package init(
    _ node: Node, expected expectation: String?, received: String? = nil, suggestion: String? = nil
  ) {
    mark = node.mark
    self.expectation = expectation
    self.received = received ?? node.received
    self.suggestion = suggestion
    isBeyondIntegers = node.scalar?.isBeyondIntegers ?? false
  }

  /// Describes a node of the right type with a refused value. The message shows the value.
  package init(refused node: Node) {
    self.init(node, expected: nil, received: node.receivedValues)
  }

  /// Copies `value`, and adds an expectation if it has none.
  init(_ value: WrongValue, expected expectation: String) {
    mark = value.mark
    self.expectation = value.expectation ?? expectation
    (received, suggestion) = (value.received, value.suggestion)
    isBeyondIntegers = value.isBeyondIntegers
  }
}
