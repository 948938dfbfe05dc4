internal import Kernels
internal import Plans
package import Tensors

/// A layer that reduces the batch to statistics over examples, and the statistics to one number.
///
/// Statistics of several batches are joined before the number is computed. A test value is therefore exact over all
/// examples, and not a mean of batch means. The slot of the first output holds the statistics of the batch, in double
/// precision.
package protocol Scoring: Layer {
  /// - Throws: ``ShapeFailure`` if the bottoms do not fit each other.
  func check(_ inputs: [Shape]) throws(ShapeFailure)

  /// How many numbers the statistics are.
  func statisticCount(_ inputs: [Shape]) -> Int

  /// True if the statistics are those of single examples, in their order: batches are appended instead of added.
  var keepsExamples: Bool { get }

  /// The layer as one that compares scores of classes with labels. Nil for other losses and metrics.
  var classScoring: (any ClassScoring)? { get }

  /// What the layer takes the values of its prediction for.
  var predictionMeaning: OutputMeaning { get }

  /// Joins the statistics of further examples to those of the examples before. By default sums are added, and
  /// statistics of single examples appended.
  func join(_ statistics: [Double], to total: inout [Double])

  /// The number that the statistics make.
  func value(of statistics: [Double]) -> Double

  /// A table of what the statistics say beside the number. Nil for a layer without one.
  ///
  /// - Parameter classNames: by number; a class without a name is called by its number.
  func table(of statistics: [Double], classNames: [String]) -> ScoreTable?
}

extension Scoring {
  package var inputCount: ClosedRange<Int> { 2...2 }
  package var keepsExamples: Bool { false }
  package var classScoring: (any ClassScoring)? { nil }
  package var predictionMeaning: OutputMeaning { .values }
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    try check(inputs)
    return [.scalar]
  }
  package func table(of statistics: [Double], classNames: [String]) -> ScoreTable? { nil }

  package func join(_ statistics: [Double], to total: inout [Double]) {
    if keepsExamples {
      total += statistics
    } else {
      for place in statistics.indices { total[place] += statistics[place] }
    }
  }

  /// Records the kernel that makes a slice's statistics, and the step that joins those of all slices.
  ///
  /// - Parameter joinedBy: makes the kernel that joins the slices. Nil: their statistics are added.
  func recordStatistics(
    _ name: String, _ pass: ForwardPass, _ plan: inout PlanBuilder, writes: [Slot] = [],
    joinedBy merge: (@Sendable ([DoubleView], DoubleView) -> any Kernel)? = nil,
    _ makeKernel: @escaping @Sendable (Binding, DoubleView) -> any Kernel
  ) {
    let total = pass.outputs[0]
    let part = plan.part(ofStatistics: total)
    plan.record(name, reads: pass.inputs, writes: [part] + writes) { binding in
      makeKernel(binding, binding.doubles(part))
    }
    guard let merge, part != total else {
      plan.sum(part, to: total)
      return
    }
    plan.recordJoint("merge of slices", reads: [part], writes: [total]) { binding in
      merge(binding.allDoubles(part), binding.doubles(total))
    }
  }
}
