internal import Kernels
internal import Plans
package import Tensors

/// A layer that reduces the batch to statistics over examples, and the statistics to one number.
///
/// The caller joins the statistics of several batches before it computes the number. A test value
/// is therefore exact over all examples, and not a mean of batch means. The slot of the first
/// output holds the statistics of the batch, in double precision.
package protocol Scoring: Layer {
  /// Checks that the bottoms fit each other.
  ///
  /// - Throws: ``ShapeFailure`` with the shapes that do not fit.
  func check(_ inputs: [Shape]) throws(ShapeFailure)

  /// Returns the number of values in the statistics.
  func statisticCount(_ inputs: [Shape]) -> Int

  /// True if the statistics belong to single examples, in their order. Batches are then appended
  /// instead of added.
  var keepsExamples: Bool { get }

  /// The layer as a ``ClassScoring``. Nil if the layer does not compare scores of classes with
  /// labels.
  var classScoring: (any ClassScoring)? { get }

  /// The meaning that the layer gives to the prediction, its first bottom.
  var predictionMeaning: OutputMeaning { get }

  /// Joins the statistics of further examples to the statistics of the earlier ones.
  ///
  /// By default, sums are added, and statistics of single examples are appended.
  func join(_ statistics: [Double], to total: inout [Double])

  /// Returns the number that follows from the statistics.
  func value(of statistics: [Double]) -> Double

  /// Returns a table of further figures from the statistics. Nil for a layer without a table.
  ///
  /// - Parameter classNames: the names by class number. A class without a name appears by its
  ///   number.
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

  /// Records the kernel that computes a slice's statistics, and the step that joins those of all
  /// slices.
  ///
  /// - Parameters:
  ///   - name: the name of the kernel in the plan.
  ///   - pass: the tensors of the layer. The first output receives the statistics.
  ///   - plan: the plan that receives the kernels.
  ///   - writes: further slots that the kernel writes.
  ///   - merge: makes the kernel that joins the slices. Nil if their statistics are added.
  ///   - makeKernel: makes the kernel of a slice, which writes the slice's statistics into its
  ///     view.
  func recordStatistics(
    _ name: String, _ pass: ForwardPass, _ plan: inout PlanBuilder, writes: [Slot] = [],
    joinedBy merge: (@Sendable ([DoubleView], DoubleView) -> any Kernel)? = nil,
    _ makeKernel: @escaping @Sendable (Binding, DoubleView) -> any Kernel
  ) {
    let total = pass.outputs[0]
    let part = plan.part(ofStatistics: total)
    let reads = pass.inputs + (pass.exampleWeights.map { [$0] } ?? [])
    plan.record(name, reads: reads, writes: [part] + writes) { binding in
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
