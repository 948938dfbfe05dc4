internal import DataSources
package import Layers
internal import ModelFiles
internal import Networks

/// The scores of a whole data set.
///
/// The scoreboard sums over all examples. It divides each sum once, at the end.
package struct Scoreboard: Sendable {
  package let names: [String]
  private let scores: [Score]
  /// The ranking that decides which of two tests is better. Nil when no score does.
  private let ranking: Ranking?
  private var sums: [[Double]]

  init(_ scores: [Score], _ ranking: Ranking?) {
    self.scores = scores
    self.ranking = ranking
    names = scores.map(\.name)
    sums = scores.map { _ in [] }
  }

  /// Adds the batch that `plan` has run.
  mutating func add(_ plan: NetworkPlan) {
    for (index, score) in plan.scores.enumerated() {
      let statistics = plan.statistics(of: score)
      if sums[index].isEmpty {
        sums[index] = statistics
      } else {
        score.join(statistics, &sums[index])
      }
    }
  }

  /// The values of the scores, in the order of `names`.
  package var values: [Double] {
    zip(scores, sums).map { $1.isEmpty ? .nan : $0.value($1) }
  }

  /// Returns the tables of the scores that have one, such as a confusion matrix, with the score's
  /// name.
  package func tables(classNames: [String]) -> [(name: String, table: ScoreTable)] {
    zip(scores, sums).compactMap { score, sums in
      guard !sums.isEmpty, let table = score.table(sums, classNames) else { return nil }
      return (score.name, table)
    }
  }

  /// Returns the index of the score that prevents a test with these values from being the best.
  ///
  /// That is the first loss that is not finite, or else the followed score if it is NaN. Nil when
  /// neither exists.
  func obstacle(in values: [Double]) -> Int? {
    let losses = scores.indices.filter { scores[$0].lossWeight != nil }
    if let broken = losses.first(where: { !values[$0].isFinite }) { return broken }
    return ranking?.place.flatMap { values[$0].isNaN ? $0 : nil }
  }

  /// The number that decides which of two tests is better: the greater one wins.
  ///
  /// A test with an obstacle has the lowest rank.
  var rank: Double {
    let values = values
    guard let ranking, obstacle(in: values) == nil else { return -.infinity }
    return ranking.rank(values, weights: scores.map(\.lossWeight))
  }
}
