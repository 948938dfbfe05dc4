internal import Expressions

/// Decides which of two tests is better.
///
/// By default it follows the first metric with a known direction. If there is none, it follows the
/// sum of the losses, each times its `loss_weight`. A lower sum is better. The solver's `best`
/// selects another score.
package struct Ranking: Sendable {
  /// The index of the score to follow. Nil for the sum of the losses.
  package let place: Int?
  package let direction: MetricDirection
  /// The followed score as messages name it: `test_accuracy`.
  package let subject: String

  /// Makes a ranking. Nil when no score has a known direction.
  ///
  /// - Parameter scores: the scores of the test phase, in the order in which tests report them.
  package init?(_ scores: [ReportedScore], _ rule: BestRule?) {
    if let rule {
      guard let place = scores.firstIndex(where: { $0.column == rule.metric }),
        let direction = rule.mode ?? scores[place].direction
      else { return nil }
      (self.place, self.direction, subject) = (place, direction, rule.metric)
      return
    }
    let metric = scores.indices.first {
      scores[$0].lossWeight == nil && scores[$0].direction != nil
    }
    if let metric, let direction = scores[metric].direction {
      (place, self.direction, subject) = (metric, direction, scores[metric].column)
      return
    }
    let losses = scores.filter { $0.lossWeight != nil }
    guard !losses.isEmpty else { return nil }
    (place, direction) = (nil, .least)
    let names = losses.map(\.column)
    let isPlain = losses.count == 1 && losses[0].lossWeight ?? 0 > 0
    subject = isPlain ? names[0] : "weighted sum of \(names.joined(separator: ", "))"
  }

  /// The ranking in words: `the greatest test_accuracy`.
  package var description: String {
    "the \(direction == .greatest ? "greatest" : "least") \(subject)"
  }

  /// Returns the rank of a test. The better of two tests has the greater rank.
  ///
  /// - Parameters:
  ///   - values: the values of the scores.
  ///   - weights: the loss weights of the scores. Nil for metrics.
  package func rank(_ values: [Double], weights: [Double?]) -> Double {
    let value =
      place.map { values[$0] }
      ?? zip(values, weights).reduce(0) { $0 + ($1.1 ?? 0) * $1.0 }
    return direction == .greatest ? value : -value
  }
}
