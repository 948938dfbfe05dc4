/// A score that tests report, as the model file describes it.
package struct ReportedScore: Sendable {
  /// The name of the score's top.
  package let name: String
  /// The factor in the objective. Nil for a metric.
  package let lossWeight: Double?
  /// Which values are better. Nil for a metric without a known direction.
  package let direction: MetricDirection?

  /// The score's column in the history.
  package var column: String { "test_\(name)" }

  /// - Parameter top: an item of the layer's ``LayerDeclaration/scoredTops``.
  package init(_ layer: LayerDeclaration, _ top: (index: Int, weight: Double?)) {
    name = layer.tops[top.index]
    lossWeight = top.weight
    direction = top.weight == nil ? layer.metricDirection : .least
  }
}
