internal import Kernels
internal import Threads

/// Runs a plan kernel by kernel on the calling thread, and measures the time of each.
///
/// The timer does not change the plan. Every kernel runs as often as in an ordinary run, in an
/// order that the stages allow. Therefore the result is the same.
package struct PlanTimer {
  /// The work that a kernel belongs to.
  package struct Work: Sendable {
    /// The layers of the work. A fused operation has several.
    package let layers: [String]
    package let isBackward: Bool

    init(_ operation: Operation) {
      layers = operation.layers
      isBackward = operation.isBackward
    }
  }

  /// The packing of weights, followed by one element for each operation.
  package let works: [Work]
  /// The kernels in the order of a run, each with the index of its work.
  private let kernels: [(any Kernel, Int)]
  /// Keeps the memory alive that the kernels point to.
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
  ///   - clock: returns the time in seconds.
  ///   - seconds: accumulates the time of each work. It has one element for each work.
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
