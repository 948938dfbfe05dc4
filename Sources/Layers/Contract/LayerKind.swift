/// The purpose of a layer, with the protocol for that purpose.
package enum LayerKind: Sendable {
  /// Makes blobs from blobs.
  case transform
  /// Computes a number that training minimizes.
  case loss(any Loss)
  /// Computes a number that dlrun reports.
  case metric(any Metric)

  /// The loss or metric. Nil for a transform.
  package var scoring: (any Scoring)? {
    switch self {
    case .transform: nil
    case .loss(let loss): loss
    case .metric(let metric): metric
    }
  }

  /// The loss. Nil for other layers.
  package var loss: (any Loss)? {
    if case .loss(let loss) = self { loss } else { nil }
  }

  /// The metric. Nil for other layers.
  package var metric: (any Metric)? {
    if case .metric(let metric) = self { metric } else { nil }
  }
}
