package import Plans

/// The tensors that `backward` of one layer reads and writes in a plan: those of forward, and the
/// gradients.
///
/// A gradient has the shape of its tensor. Gradients of inputs and outputs also have its layout.
@dynamicMemberLookup package struct BackwardPass: Sendable {
  /// The forward pass. Its members are also members of the backward pass.
  package let forward: ForwardPass
  /// The gradient of each output. Nil for an output that no loss depends on.
  package let outputGradients: [Slot?]
  /// The slot for the gradient of each input. Nil for an input that needs no gradient.
  package private(set) var inputGradients: [Slot?]
  /// The slot for the gradient of each parameter. Nil for a parameter that is frozen, or that no
  /// solver changes.
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

  /// A member of the forward pass.
  package subscript<Value>(dynamicMember path: KeyPath<ForwardPass, Value>) -> Value {
    forward[keyPath: path]
  }

  /// States that an existing tensor is the gradient of an input, if the input needs one.
  ///
  /// No kernel runs, and the layer writes nothing. The layer calls this method when ∂x equals ∂y.
  package mutating func passOn(_ gradient: Slot?, toInput input: Int) {
    if inputGradients[input] != nil { inputGradients[input] = gradient }
  }
}
