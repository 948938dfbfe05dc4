package import Plans

extension UpdatePlan {
  /// Runs the update kernel by kernel. The rates are those of the last update that was made.
  ///
  /// What works are called is the name of a parameter, or `solver`.
  package var timer: PlanTimer { PlanTimer(plan) }
}
