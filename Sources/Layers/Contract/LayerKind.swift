/// What a layer is for, with the interface of that kind.
package enum LayerKind: Sendable {
  /// Makes blobs from blobs.
  case transform
  /// Makes the number that training minimises.
  case loss(any Loss)
  /// Makes a number that dlrun reports.
  case metric(any Metric)

  /// The loss or metric. Nil for a transform.
  package var scoring: (any Scoring)? {
    switch self {
    case .transform: nil
    case .loss(let loss): loss
    case .metric(let metric): metric
    }
  }

  package var loss: (any Loss)? {
    if case .loss(let loss) = self { loss } else { nil }
  }

  package var metric: (any Metric)? {
    if case .metric(let metric) = self { metric } else { nil }
  }
}
