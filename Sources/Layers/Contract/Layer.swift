package import Fields
package import Kernels
package import Plans
package import Tensors

/// A layer type: the shapes that it reads and makes, its parameters, and how it computes both directions.
///
/// `forward` and `backward` record kernels into a plan and compute nothing themselves. The first axis of every blob
/// counts the examples of the batch. A layer whose kernels treat examples alike ignores slices.
package protocol Layer: CatalogType {
  /// What `forward` hands to `backward`: slots of values that are expensive to compute again.
  associatedtype Kept = Void

  /// How many bottoms the layer reads. A layer without bottoms receives the shape [N] of the batch in their place.
  var inputCount: ClosedRange<Int> { get }

  /// Fields that have no effect with this number of bottoms.
  func idleFields(bottomCount: Int) -> [IdleField]

  /// False for a layer that makes no blob.
  var hasTops: Bool { get }

  /// Whether the layer transforms its bottoms, or makes a loss or a metric of them.
  var kind: LayerKind { get }

  /// The layer as one whose outputs are units with weights of their own. Nil for other layers.
  var unitLayer: (any UnitLayer)? { get }

  /// The layer as one that passes nothing of some values. Nil for other layers.
  var rectifier: (any Rectifier)? { get }

  /// What the values of the first top mean, if the layer alone decides it.
  var outputMeaning: OutputMeaning? { get }

  /// The shapes of the tops.
  ///
  /// - Throws: ``ShapeFailure`` naming the shapes that do not fit.
  func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape]

  /// The shapes of the tops of a layer that makes `topCount` of them, as many as the file names.
  func outputShapes(_ inputs: [Shape], topCount: Int) throws(ShapeFailure) -> [Shape]

  /// The layouts in which the layer reads its bottoms and makes its tops. Default: row-major.
  ///
  /// - Parameter given: the layouts of the bottoms. The recorder copies a bottom that the layer reads in another one.
  func layouts(_ inputs: [Shape], given: [TensorLayout], topCount: Int) -> LayerLayouts

  /// The parameters: first the trained ones, in the order of the `param:` list, then those that the layer changes.
  func parameters(_ inputs: [Shape]) -> [ParameterDeclaration]

  /// How many values of an example each statistic of the batch is taken over, such as the positions of a channel. Nil
  /// for a layer that takes no statistics from the batch.
  func valuesOfBatchStatistic(_ inputs: [Shape], isTraining: Bool) -> Int?

  /// Floating-point operations of `forward` over the whole batch; a multiply-add counts as two.
  func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double

  /// True if every top holds the one bottom's elements in the same order. The layer then records no kernel.
  var isView: Bool { get }

  /// True if part of each unit (output, or channel) of the bottom passes on and receives a gradient.
  var passesEveryUnit: Bool { get }

  /// True if the outputs do not depend on the scale of the inputs, as those of a normalization.
  var removesScale: Bool { get }

  /// Records the outputs.
  func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Kept

  /// Records the gradients that `pass` asks for: of the inputs and of the trained parameters.
  func backward(_ pass: inout BackwardPass, _ kept: Kept, _ plan: inout PlanBuilder)
}

extension Layer {
  package var inputCount: ClosedRange<Int> { 1...1 }
  package func idleFields(bottomCount: Int) -> [IdleField] { [] }
  package var hasTops: Bool { true }
  package var kind: LayerKind { .transform }
  package var unitLayer: (any UnitLayer)? { nil }
  package var rectifier: (any Rectifier)? { nil }
  package var outputMeaning: OutputMeaning? { nil }
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
