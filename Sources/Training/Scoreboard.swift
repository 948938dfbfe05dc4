internal import DataSources
package import Layers
internal import ModelFiles
internal import Networks

/// The scores of a whole data set: sums over all of its examples, each number taken once at the
/// end.
package struct Scoreboard: Sendable {
  package let names: [String]
  private let scores: [Score]
  /// What tells the better of two tests; nil if nothing does.
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

  /// In the order of `names`.
  package var values: [Double] {
    zip(scores, sums).map { $1.isEmpty ? .nan : $0.value($1) }
  }

  /// What the scores tell beside their numbers, by the name of the score.
  package func tables(classNames: [String]) -> [(name: String, table: ScoreTable)] {
    zip(scores, sums).compactMap { score, sums in
      guard !sums.isEmpty, let table = score.table(sums, classNames) else { return nil }
      return (score.name, table)
    }
  }

  /// The score that keeps a test with these values from being the best: the first loss that is not finite, or else the
  /// score that is followed, if it is NaN. Nil if there is none.
  func obstacle(in values: [Double]) -> Int? {
    let losses = scores.indices.filter { scores[$0].lossWeight != nil }
    if let broken = losses.first(where: { !values[$0].isFinite }) { return broken }
    return ranking?.place.flatMap { values[$0].isNaN ? $0 : nil }
  }

  /// What tells the better of two tests: greater is better. None is worse than one with an obstacle.
  var rank: Double {
    let values = values
    guard let ranking, obstacle(in: values) == nil else { return -.infinity }
    return ranking.rank(values, weights: scores.map(\.lossWeight))
  }
}
