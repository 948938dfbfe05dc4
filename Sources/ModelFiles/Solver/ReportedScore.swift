/// A number that tests report, as the model file tells it.
package struct ReportedScore: Sendable {
  /// The name of its top.
  package let name: String
  /// Factor in the sum that is minimised; nil for a metric.
  package let lossWeight: Double?
  /// Which values are better; nil for a metric that does not say so.
  package let direction: MetricDirection?

  /// Its column of the history.
  package var column: String { "test_\(name)" }

  /// - Parameter top: of a layer's ``LayerDeclaration/scoredTops``.
  package init(_ layer: LayerDeclaration, _ top: (index: Int, weight: Double?)) {
    name = layer.tops[top.index]
    lossWeight = top.weight
    direction = top.weight == nil ? layer.metricDirection : .least
  }
}
