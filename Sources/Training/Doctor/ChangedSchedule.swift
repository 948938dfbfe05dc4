internal import Fields
internal import ModelFiles
internal import Solvers
internal import YAML

/// Warns of a learning-rate schedule that changes when a run is resumed with another length.
///
/// A policy such as `one_cycle` ends with the training. With another length its end moves, and the
/// rate jumps.
enum ChangedSchedule {
  /// The relative difference of two rates that counts as equal. Rounding errors are far smaller.
  private static let tolerance = 1e-6

  /// Returns the warning.
  ///
  /// - Parameters:
  ///   - before: the model file of the checkpoint.
  ///   - iteration: the number of completed updates.
  /// - Returns: nil when the next update has the rate of the old schedule.
  static func warning(
    _ model: ModelFile, before: ModelFile, iteration: Int, exampleCount: Int
  ) -> Warning? {
    guard iteration > 0,
      let old = try? TrainingSchedule(before, exampleCount: exampleCount),
      let new = try? TrainingSchedule(model, exampleCount: exampleCount),
      iteration < new.iterationCount
    else { return nil }
    func rate(_ schedule: TrainingSchedule, _ iteration: Int) -> Double {
      schedule.rate(model.solver, iteration)
    }
    let last = rate(old, iteration - 1)
    let expected = rate(new, iteration - 1)
    guard abs(last - expected) > tolerance * max(abs(last), abs(expected)) else { return nil }
    let (solver, policy) = (model.solver, type(of: model.solver.policy.value).reference.name)
    let end = before.solver.policyLength ?? before.solver.length
    return Warning(
      .changedSchedule,
      "\(solver.policyLength == nil ? solver.lengthField : "lr_length"): '\(policy)' ended after "
        + "\(end.description) until now: the learning rate jumps from \(last.brief) at update "
        + "\(iteration) to \(rate(new, iteration).brief) at update \(iteration + 1); 'lr_length: "
        + "\(end.encoded.scalar?.text ?? "")' keeps the old end",
      at: solver.policyLength == nil ? solver.lengthMark : solver.mark(of: "lr_length"))
  }
}
