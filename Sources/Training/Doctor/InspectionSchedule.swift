/// The updates that the doctor inspects: each of the first 20, and then one in `spacing`.
///
/// The batches of updates repeat after a period. The spacing is the least number, 20 or more, that
/// has no common divisor with this period. Therefore every batch is inspected in turn, even without
/// shuffling.
package struct InspectionSchedule {
  /// The number of first updates that are all inspected.
  package static let first = 20
  package let spacing: Int

  /// Makes the schedule.
  ///
  /// - Parameter iterationSize: the batches of an update.
  package init(batchesPerEpoch: Int, iterationSize: Int) {
    let batches = max(batchesPerEpoch, 1)
    let period = batches / InspectionSchedule.divisor(batches, iterationSize)
    var spacing = InspectionSchedule.first
    while InspectionSchedule.divisor(spacing, period) > 1 { spacing += 1 }
    self.spacing = spacing
  }

  /// Returns the first inspected update from `iteration` on. Updates are counted from 0.
  package func next(from iteration: Int) -> Int {
    if iteration < InspectionSchedule.first { return iteration }
    return iteration / spacing * spacing + spacing - 1
  }

  /// Returns the greatest common divisor.
  private static func divisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
