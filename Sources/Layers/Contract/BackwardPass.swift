package import Plans

/// The tensors that `backward` of one layer reads and writes in a plan: those of forward, and the gradients.
@dynamicMemberLookup package struct BackwardPass: Sendable {
  /// Its members are members of the backward pass too.
  package let forward: ForwardPass
  /// By output. Nil for an output that no loss depends on.
  package let outputGradients: [Slot?]
  /// By input: where its gradient goes. Nil for an input that needs none.
  package private(set) var inputGradients: [Slot?]
  /// By parameter: where its gradient goes. Nil for a parameter that is frozen, or that no solver changes.
  package let parameterGradients: [Slot?]

  package init(
    _ forward: ForwardPass, outputGradients: [Slot?], inputGradients: [Slot?],
    parameterGradients: [Slot?] = []
  ) {
    self.forward = forward
    self.outputGradients = outputGradients
    self.inputGradients = inputGradients
    self.parameterGradients = parameterGradients
  }

  package subscript<Value>(dynamicMember path: KeyPath<ForwardPass, Value>) -> Value {
    forward[keyPath: path]
  }

  /// States that an existing tensor is the gradient of an input, if the input needs one. No kernel runs.
  package mutating func passOn(_ gradient: Slot?, toInput input: Int) {
    if inputGradients[input] != nil { inputGradients[input] = gradient }
  }
}
