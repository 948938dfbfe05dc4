package import DataSources
package import Fields
internal import Files
internal import Layers
internal import Solvers
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
    .required("name", \.name, layerName, "Name of the layer, by which messages and files call it."),
    .optional(
      "bottom", \.bottoms, .given(.each(layerName)),
      "Blobs that are read. Default: the layer before; of a loss or metric the last one that is "
        + "none, and 'label'; none of a layer that reads none."),
    .optional(
      "top", \.tops, .given(.each(layerName)), "Blobs that are made. Default: the layer's name."),
    .optional("phase", \.phase, "The only phase in which the layer is there. Default: both."),
    .optional(
      "loss_weight", \.lossWeights, .given(lossWeights),
      "Factor of the first top, or of each, in the sum that is minimised: of a loss its value, of "
        + "another layer the sum of the top's values. Default: 1 for a loss, none for others."),
    .optional(
      "metric", \.metric,
      "Tests report the mean of the first top's values as a metric: max where greater values are "
        + "better, min where less are. Default: no metric, but for a layer of the test phase that "
        + "has a loss_weight, or that depends on the label and is read by none."),
    .optional(
      "propagate_down", \.propagatesDown,
      "Whether a bottom gets a gradient of this layer: one of all, or one a bottom. Default: it does "
        + "where it depends on a parameter that is trained."),
    .optional(
      "param", \.parameters,
      "One mapping a parameter: "
        + "\(ParameterOptions.fields.map(\.name).joined(separator: ", "))."),
  ]

  private static let lossWeights = Constraint<LossWeights>(
    "a number from -1000000 to 1000000, or a list of them, one a top"
  ) { !$0.values.isEmpty && $0.values.allSatisfy { (-1e6...1e6).contains($0) } }

  static let layerName = Constraint<String>("a name of 1 to 200 printable characters") {
    (1...200).contains($0.count) && $0.escapingControls == $0
  }
}
