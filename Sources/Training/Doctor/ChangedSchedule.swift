internal import Fields
internal import ModelFiles
internal import Solvers
internal import YAML

/// A learning-rate schedule that a run of another length does not follow as it did before.
///
/// A policy such as `one_cycle` ends with the training. When a run is resumed with another length, its end moves, and the
/// rate jumps.
enum ChangedSchedule {
  /// What two rates may differ by, as a share of the greater: rounding in a policy's formula is far below.
  private static let tolerance = 1e-6

  /// - Parameters:
  ///   - before: the model file that the checkpoint was made with.
  ///   - iteration: how many updates were made.
  /// - Returns: nil if the update after them has the rate that it had.
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
    let meant = rate(new, iteration - 1)
    guard abs(last - meant) > tolerance * max(abs(last), abs(meant)) else { return nil }
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
