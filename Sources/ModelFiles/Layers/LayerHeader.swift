package import DataFiles
internal import DataSources
package import Fields
internal import YAML

/// The fields of every layer's mapping, for all types.
package struct LayerHeader: FieldOwner {
  package var name = ""
  package var bottoms: [String]?
  package var tops: [String]?
  package var phase: DataPhase?
  package var lossWeights: LossWeights?
  /// Makes tests report the mean of the first top as a metric.
  package var metric: MetricDirection?
  /// Whether each bottom gets a gradient. A single value applies to all bottoms.
  package var propagatesDown: [Bool]?
  package var parameters: [ParameterOptions]?

  package init() {}

  package static let fields: [Field<LayerHeader>] = [
    .required("name", \.name, layerName, "Name of the layer in messages and files."),
    .optional(
      "bottom", \.bottoms, .given(.each(layerName)),
      "Blobs that the layer reads. Default: the last top of the previous layer that is not a loss "
        + "or metric. A loss or metric also reads 'label', and a layer without inputs reads none."),
    .optional(
      "top", \.tops, .given(.each(layerName)),
      "Blobs that the layer makes. Default: the layer's name."),
    .optional("phase", \.phase, "The only phase that contains the layer. Default: both."),
    .optional(
      "loss_weight", \.lossWeights, .given(lossWeights),
      "Factor of the first top, or of each top, in the objective. A loss adds its value. Any "
        + "other layer adds the sum of the top's values. Default: 1 for a loss, none for others."),
    .optional(
      "metric", \.metric,
      "Makes tests report the mean of the first top's values as a metric. max: greater values are "
        + "better. min: lower values are better. Default: none. A layer with phase: test is a "
        + "metric if it has a loss_weight. It is also a metric if it depends on the label and no layer "
        + "reads it."),
    .optional(
      "propagate_down", \.propagatesDown,
      "Whether a bottom gets a gradient of this layer: one value for all bottoms, or one for each. "
        + "Default: true for a bottom that depends on a trained parameter."),
    .optional(
      "param", \.parameters,
      "One mapping for each parameter: "
        + "\(ParameterOptions.fields.map(\.name).joined(separator: ", "))."),
  ]

  private static let lossWeights = Constraint<LossWeights>(
    "a number from -1000000 to 1000000, or a list of them, one for each top"
  ) { !$0.values.isEmpty && $0.values.allSatisfy { (-1e6...1e6).contains($0) } }

  static let layerName = Constraint<String>.name
}
