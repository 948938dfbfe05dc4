internal import Kernels
internal import Threads

/// Runs a plan kernel by kernel on the calling thread, with a look at the clock after each.
///
/// The plan's own way of running is untouched by it. Every kernel runs as often as in a run by
/// workers, in an order that their stages allow, so that the result is the same.
package struct PlanTimer {
  /// What a kernel is a part of.
  package struct Work: Sendable {
    /// Several where operations are fused.
    package let layers: [String]
    package let isBackward: Bool

    init(_ operation: Operation) {
      layers = operation.layers
      isBackward = operation.isBackward
    }
  }

  /// An operation each, and the packing of weights before them.
  package let works: [Work]
  /// In the order of a run, each with the number of its work.
  private let kernels: [(any Kernel, Int)]
  /// Holds the memory that the kernels point into.
  private let plan: Plan

  package init(_ plan: Plan) {
    self.plan = plan
    let packing = plan.packedWeights.stage == nil ? [] : plan.packedWeights.works
    works = packing + plan.schedule.operations.map { Work($0) }
    let numbers = plan.schedule.stages.flatMap { stage in
      plan.schedule.items(of: stage, plan.builder).joined().map { packing.count + $0.operation }
    }
    kernels = Array(
      zip(plan.stages.flatMap { $0.items.joined() }, Array(packing.indices) + numbers))
  }

  /// Runs the whole plan once.
  ///
  /// - Parameters:
  ///   - clock: the time in seconds.
  ///   - seconds: gets the time of each work added; as many as there are works.
  package func run(clock: () -> Double, addingTo seconds: inout [Double]) {
    precondition(seconds.count == works.count, "a time for each work")
    var start = clock()
    for (kernel, work) in kernels {
      kernel.run()
      let end = clock()
      seconds[work] += end - start
      start = end
    }
  }
}
