package import Fields
package import Solvers
package import YAML

/// The options of one parameter in a layer's mapping.
package struct ParameterOptions: FieldOwner, FieldValue {
  /// The name of the parameter. Parameters with the same name are shared.
  package var name: String?
  package var rateMultiplier = 1.0
  package var decayMultiplier = 1.0
  /// The weight decay that replaces the solver's.
  package var weightDecay: Double?
  package var regularizer: RegularizerField?

  package init() {}

  /// The names with a special meaning in weights files.
  package static let reservedNames = ["__metadata__", "data.mean", "data.deviation"]

  package static let fields: [Field<ParameterOptions>] = [
    .optional(
      "name", \.name, .given(LayerHeader.layerName),
      "Name of the parameter. Layers with the same name share it."),
    .optional(
      "lr_mult", \.rateMultiplier, .within(0...1e6),
      "Factor of the learning rate. 0 freezes the parameter."),
    .optional("decay_mult", \.decayMultiplier, .within(0...1e6), "Factor of the weight decay."),
    .optional(
      "weight_decay", \.weightDecay, .given(.within(0...1e6)),
      "Weight decay of the parameter. Default: the solver's."),
    .optional(
      "regularization_type", \.regularizer,
      "Regularizer of the parameter. Default: the solver's."),
  ]

  package var inconsistency: String? {
    Regularization.inconsistency(regularizer?.value, weightDecay)
  }

  package static var expectation: String {
    "a mapping with " + fields.map(\.name).joined(separator: ", ")
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<ParameterOptions> {
    guard node.pairs != nil else { return .mismatch }
    let options = node.decode(ParameterOptions.self, of: "param", &diagnostics)
    return options.map { .value($0) } ?? .reported
  }

  package var encoded: Node { Node(.mapping(encodedFields)) }
}
