/// Which updates are looked at: each of the first 20, and then one in `spacing`.
///
/// The spacing is the least number from 20 on that shares no divisor with the updates after which the
/// same batches come again, so that without shuffling every batch has its turn.
package struct LookSchedule {
  /// How many updates are looked at from the beginning.
  package static let first = 20
  package let spacing: Int

  /// - Parameter iterationSize: batches of an update.
  package init(batchesPerEpoch: Int, iterationSize: Int) {
    let batches = max(batchesPerEpoch, 1)
    let period = batches / LookSchedule.divisor(batches, iterationSize)
    var spacing = LookSchedule.first
    while LookSchedule.divisor(spacing, period) > 1 { spacing += 1 }
    self.spacing = spacing
  }

  /// The first update from `iteration` on that is looked at. Updates are counted from 0.
  package func next(from iteration: Int) -> Int {
    if iteration < LookSchedule.first { return iteration }
    return iteration / spacing * spacing + spacing - 1
  }

  /// The greatest common divisor.
  private static func divisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
