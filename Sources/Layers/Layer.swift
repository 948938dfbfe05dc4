package import Fields
package import Kernels
package import Plans
package import Tensors
package import YAML

/// A layer type: what it asks of its inputs, what it gives, and how it computes both directions.
///
/// `forward` and `backward` record kernels into a plan and compute nothing themselves. The first axis of every blob
/// counts the examples of the batch; a layer whose kernels treat examples alike needs no thought for slices.
package protocol Layer: CatalogType {
  /// How many bottoms the layer reads. One that reads none is given the shape [N] of the batch in their place.
  var inputCount: ClosedRange<Int> { get }

  /// Fields that change nothing where the layer reads so many bottoms.
  func idleFields(bottomCount: Int) -> [IdleField]

  /// False for a layer that makes no blob.
  var hasTops: Bool { get }

  /// The shapes of the tops.
  ///
  /// - Throws: ``ShapeFailure`` naming the shapes that do not fit.
  func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape]

  /// The shapes of the tops, where the file names `topCount` of them: of a layer that has as many as are asked for.
  func outputShapes(_ inputs: [Shape], topCount: Int) throws(ShapeFailure) -> [Shape]

  /// The layouts in which the layer reads its bottoms and makes its tops; plain unless it says otherwise.
  ///
  /// - Parameter given: those that the bottoms have. Reading them so costs nothing; another is made by a copy.
  func layouts(_ inputs: [Shape], given: [TensorLayout], topCount: Int) -> LayerLayouts

  /// The parameters: first those that are trained, in the order of the `param:` list, then the statistics.
  func parameters(_ inputs: [Shape]) -> [ParameterDeclaration]

  /// How many values of an example each statistic of the batch is taken over, such as the positions of a channel. Nil
  /// where the layer takes no statistics from the batch.
  func valuesOfBatchStatistic(_ inputs: [Shape], isTraining: Bool) -> Int?

  /// Floating-point operations of `forward` over the whole batch, a multiply-add counted as two.
  func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double

  /// True where every top holds the one bottom's elements in the same order: no kernel runs.
  var isView: Bool { get }

  /// True where something of each unit (output, or channel) of the bottom goes on, and gets a gradient back.
  var passesEveryUnit: Bool { get }

  /// True where the outputs do not depend on the scale of the inputs, as those of a normalization.
  var removesScale: Bool { get }

  func forward(_ pass: inout LayerPass, _ plan: inout PlanBuilder)

  /// Records the gradients that `pass` asks for: of the inputs that need one, and of the trainable parameters.
  func backward(_ pass: inout LayerPass, _ plan: inout PlanBuilder)
}

extension Layer {
  package var inputCount: ClosedRange<Int> { 1...1 }
  package func idleFields(bottomCount: Int) -> [IdleField] { [] }
  package var hasTops: Bool { true }
  package var isView: Bool { false }
  package var passesEveryUnit: Bool { isView }
  package var removesScale: Bool { false }
  package func outputShapes(
    _ inputs: [Shape], topCount: Int
  ) throws(ShapeFailure) -> [Shape] { try outputShapes(inputs) }
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .plain(inputs: inputs.count, outputs: topCount) }
  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] { [] }
  package func valuesOfBatchStatistic(_ inputs: [Shape], isTraining: Bool) -> Int? { nil }
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double { 0 }
}

/// A layer that reduces the batch to statistics over examples, and those to one number.
///
/// Statistics of several batches are joined before the number is taken. A test value is therefore exact over all
/// examples, and not a mean of batch means.
package protocol Scoring: Layer {
  /// - Throws: ``ShapeFailure`` if the bottoms do not fit each other.
  func check(_ inputs: [Shape]) throws(ShapeFailure)

  /// How many sums the layer keeps.
  func statisticCount(_ inputs: [Shape]) -> Int

  /// True where the statistics are those of single examples, in their order: batches are joined, and not added.
  var keepsExamples: Bool { get }

  /// Joins the statistics of further examples to those of the examples before. By default they are sums, which are
  /// added, or those of single examples, which are appended.
  func join(_ statistics: [Double], to total: inout [Double])

  /// The number that the statistics make.
  func value(of statistics: [Double]) -> Double

  /// What the sums tell beside the number; nil if that is all.
  ///
  /// - Parameter classNames: by number; a class without a name is called by its number.
  func table(of statistics: [Double], classNames: [String]) -> ScoreTable?
}

/// A layer whose number is minimised.
package protocol Loss: Scoring {
  /// The bottoms that can have no gradient, and what they are.
  var constantBottoms: [(bottom: Int, name: String)] { get }

  /// True where an example that is right enough has no gradient at all, such as one beyond a margin.
  var sparesExamples: Bool { get }

  /// True where targets are values, and the loss grows with their magnitude.
  var growsWithTargets: Bool { get }
}

/// A layer whose number is only reported.
package protocol Metric: Scoring {
  /// True where a greater number is a better one.
  var isBetterWhenGreater: Bool { get }
}

/// A loss or metric that compares scores of classes along an axis with the number of a class.
package protocol ClassScoring: Scoring {
  /// The axis of the classes; negative counts from the end.
  var axis: Int { get }

  /// The label of positions that do not count.
  var ignoredLabel: Int? { get }

  /// How many classes there are; nil if the scores have no such axis.
  func classCount(_ scores: Shape) -> Int?
}

extension ClassScoring {
  package var ignoredLabel: Int? { nil }
  package func classCount(_ scores: Shape) -> Int? { scores.axis(axis).map { scores[$0] } }

  /// Whether all labels of so many classes have a score, or do not count.
  package func covers(classes: Int, scores: Int) -> Bool {
    classes <= scores || (classes == scores + 1 && ignoredLabel == scores)
  }
}

extension Loss {
  package var constantBottoms: [(bottom: Int, name: String)] {
    self is any ClassScoring ? [(1, "labels")] : []
  }
  package var sparesExamples: Bool { false }
  package var growsWithTargets: Bool { false }
}

extension Scoring {
  package var inputCount: ClosedRange<Int> { 2...2 }
  package var keepsExamples: Bool { false }
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

  /// Records the kernel that makes the statistics, and what joins those of the slices.
  ///
  /// - Parameter joinedBy: makes the kernel that joins the slices. Nil: their statistics are added.
  func recordStatistics(
    _ name: String, _ pass: LayerPass, _ plan: inout PlanBuilder, writes: [Slot] = [],
    joinedBy merge: (@Sendable ([DoubleView], DoubleView) -> any Kernel)? = nil,
    _ makeKernel: @escaping @Sendable (Binding, DoubleView) -> any Kernel
  ) {
    let (part, total) = pass.statistics
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

extension Metric {
  package func backward(_ pass: inout LayerPass, _ plan: inout PlanBuilder) {}
}

/// Shapes that do not fit: expected and received, without the layer's name, which the graph adds.
package struct ShapeFailure: Error, Sendable {
  package let message: String
  /// Where the field is that they do not fit; nil for the layer's own place.
  package let mark: Mark?

  package init(_ message: String, at mark: Mark? = nil) {
    self.message = message
    self.mark = mark
  }
}

/// The layouts of a layer's bottoms and tops.
package struct LayerLayouts: Sendable, Equatable {
  package let inputs: [TensorLayout]
  package let outputs: [TensorLayout]

  package init(inputs: [TensorLayout], outputs: [TensorLayout]) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// All row-major.
  package static func plain(inputs: Int, outputs: Int) -> LayerLayouts {
    LayerLayouts(
      inputs: Array(repeating: .plain, count: inputs),
      outputs: Array(repeating: .plain, count: outputs))
  }

  /// All as the first bottom lies: of a layer that treats elements alike.
  package static func keeping(_ given: [TensorLayout], outputs: Int = 1) -> LayerLayouts {
    let layout = given.first ?? .plain
    return LayerLayouts(
      inputs: given.map { _ in layout }, outputs: Array(repeating: layout, count: outputs))
  }
}

/// A tensor that a layer keeps from one step to the next.
package struct ParameterDeclaration: Sendable {
  package enum Role: Sendable {
    /// Changed by the solver.
    case trained
    /// Changed by the layer itself in the training phase, such as a running mean; saved as weights are.
    case statistic
  }

  /// Within the layer: `weight`.
  package let name: String
  /// As in files: of a linear weight [out, in].
  package let shape: Shape
  package let filler: any Filler
  /// How the matrix lies in memory during training; files are always row-major.
  package let order: ProductShape.Order
  package let role: Role

  package init(
    _ name: String, _ shape: Shape, _ filler: any Filler, order: ProductShape.Order = .rowMajor,
    role: Role = .trained
  ) {
    self.role = role
    self.name = name
    self.shape = shape
    self.filler = filler
    self.order = order
  }
}

/// What a layer draws random numbers from, in the training phase.
package struct NoiseSource: Sendable {
  /// The layer's own; `stream.step(step[0])` are those of the step that runs.
  package let stream: RandomStream
  /// The number of the batch, set before each run of the plan.
  package let step: View<Int>

  package init(seed: Int, layer: String, step: View<Int>) {
    stream = RandomStream(seed: seed, purpose: .noise(layer: layer))
    self.step = step
  }
}

/// The tensors of one layer in one plan.
package struct LayerPass: Sendable {
  package struct Parameter: Sendable {
    package let value: Slot
    /// Nil if the parameter is frozen, or a statistic.
    package let gradient: Slot?
    package let order: ProductShape.Order

    package init(value: Slot, gradient: Slot?, order: ProductShape.Order) {
      self.value = value
      self.gradient = gradient
      self.order = order
    }
  }

  /// Of a layer without bottoms the shape [N] of the batch.
  package let inputShapes: [Shape]
  package let outputShapes: [Shape]
  package let inputLayouts: [TensorLayout]
  package let outputLayouts: [TensorLayout]
  package let inputs: [Slot]
  package let outputs: [Slot]
  /// Of how many examples the sum that is minimised is one: in training those of the batch, in testing those of a
  /// training batch, whatever the test's.
  package let objectiveBatchSize: Int
  /// How many examples the largest batch of the data has. The last batch of an epoch can have fewer.
  package let fullBatchSize: Int
  /// True where the layer learns: statistics are those of the batch, and noise is drawn.
  package let isTraining: Bool
  /// Nil outside of training, and where a plan is only estimated.
  package let noise: NoiseSource?
  /// The weight of the batch in statistics that are measured anew over several batches, set before each run. Nil if
  /// statistics are moving averages.
  package let measuredShare: DoubleView?
  package var parameters: [Parameter]
  /// Of a loss: the factor of its gradient.
  package let lossWeight: Double
  /// Of a loss or metric: a slice's sums, and the batch's.
  package let statistics: (part: Slot, total: Slot)
  /// Nil for an output that no loss depends on. Set when `backward` is recorded.
  package var outputGradients: [Slot?] = []
  /// Nil for an input that needs no gradient. Set when `backward` is recorded.
  package var inputGradients: [Slot?] = []
  /// What `forward` keeps for `backward`.
  package var saved: [String: Slot] = [:]

  package init(
    inputShapes: [Shape], outputShapes: [Shape], layouts: LayerLayouts? = nil, inputs: [Slot],
    outputs: [Slot], objectiveBatchSize: Int? = nil, fullBatchSize: Int? = nil,
    isTraining: Bool = true, noise: NoiseSource? = nil, measuredShare: DoubleView? = nil,
    parameters: [Parameter], lossWeight: Double, statistics: (part: Slot, total: Slot)
  ) {
    let layouts = layouts ?? .plain(inputs: inputs.count, outputs: outputs.count)
    inputLayouts = layouts.inputs
    outputLayouts = layouts.outputs
    let batchSize = inputShapes.first?.axes.first ?? 1
    self.objectiveBatchSize = objectiveBatchSize ?? batchSize
    self.fullBatchSize = fullBatchSize ?? batchSize
    self.isTraining = isTraining
    self.noise = noise
    self.measuredShare = measuredShare
    self.inputShapes = inputShapes
    self.outputShapes = outputShapes
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
    self.lossWeight = lossWeight
    self.statistics = statistics
  }
}
