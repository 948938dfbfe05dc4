package import Plans

extension UpdatePlan {
  /// Runs the update kernel by kernel, with the rates of the last update.
  ///
  /// The name of a work is the name of a parameter, or `solver`.
  package var timer: PlanTimer { PlanTimer(plan) }
}
