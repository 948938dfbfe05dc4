package import Fields
package import Kernels
package import Plans
package import Tensors
package import YAML

/// A layer type: the shapes that it reads and makes, its parameters, and both directions of its
/// computation.
///
/// `forward` and `backward` record kernels into a plan, and the plan computes later. The first axis
/// of every blob counts the examples of the batch. The plan divides a batch into slices of
/// examples. A layer with kernels that treat all examples alike can ignore the slices.
///
/// A caller first requests the shapes of the tops and the parameters, then the layouts. Then it
/// records `forward` and, for training, `backward`.
///
/// The bottoms are the blobs that a layer reads, and the tops are those that it makes, as in Caffe.
package protocol Layer: CatalogType {
  /// The values that `forward` hands to `backward`: slots of tensors that are expensive to compute
  /// again.
  associatedtype Kept = Void

  /// The number of bottoms that the layer accepts. A layer without bottoms receives the shape [N]
  /// of the batch in their place.
  var inputCount: ClosedRange<Int> { get }

  /// Returns the fields that have no effect with this number of bottoms.
  func idleFields(bottomCount: Int) -> [IdleField]

  /// True if fields of the layer refer to its bottoms by name, as in a formula.
  var namesBottoms: Bool { get }

  /// Receives the names of the bottoms, and reports a name in the fields that is not the name of a
  /// bottom. Called only if ``namesBottoms`` is true.
  ///
  /// - Parameters:
  ///   - names: the names in the order of the bottoms. Nil if the layer has a single bottom whose
  ///     blob depends on the phase.
  ///   - diagnostics: receives the mistakes.
  mutating func takeNames(ofBottoms names: [String]?, _ diagnostics: inout Diagnostics)

  /// False for a layer that makes no blob.
  var hasTops: Bool { get }

  /// The purpose of the layer: it transforms its bottoms, or computes a loss or a metric from them.
  var kind: LayerKind { get }

  /// The layer as a ``UnitLayer``. Nil if the layer has no units with their own weights.
  var unitLayer: (any UnitLayer)? { get }

  /// The layer as a ``Rectifier``. Nil if the layer cannot block values below zero.
  var rectifier: (any Rectifier)? { get }

  /// The meaning of the first top's values, if the layer alone determines it. Nil otherwise.
  var outputMeaning: OutputMeaning? { get }

  /// Returns the shapes of the tops.
  ///
  /// - Throws: ``ShapeFailure`` with the shapes that do not fit.
  func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape]

  /// Returns the shapes of the tops, if the file names `topCount` tops.
  ///
  /// - Throws: ``ShapeFailure`` with the shapes that do not fit.
  func outputShapes(_ inputs: [Shape], topCount: Int) throws(ShapeFailure) -> [Shape]

  /// Returns the layouts in which the layer reads its bottoms and makes its tops. Default:
  /// row-major.
  ///
  /// - Parameters:
  ///   - inputs: the shapes of the bottoms.
  ///   - given: the layouts of the bottoms. The recorder copies a bottom that the layer reads in
  ///     another layout.
  ///   - topCount: the number of tops.
  func layouts(_ inputs: [Shape], given: [TensorLayout], topCount: Int) -> LayerLayouts

  /// Returns the parameters: first the trained ones, in the order of the `param:` list, then those
  /// that the layer itself changes.
  func parameters(_ inputs: [Shape]) -> [ParameterDeclaration]

  /// Returns the number of values that one example contributes to each statistic over the batch. In
  /// ``BatchNorm`` these are the positions of a channel.
  ///
  /// Nil for a layer that computes no statistics over the batch.
  func batchStatisticCount(_ inputs: [Shape], isTraining: Bool) -> Int?

  /// Returns the floating-point operations of `forward` over the whole batch. A multiply-add counts
  /// as two operations.
  func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double

  /// True if every top holds the elements of the single bottom in the same order. The layer then
  /// records no kernel.
  var isView: Bool { get }

  /// Returns the place in an example of the first bottom that each value of a top copies. Nil if the
  /// top does not consist of copies.
  ///
  /// - Parameters:
  ///   - top: the index of the top.
  ///   - inputs: the shapes of the bottoms.
  ///   - outputs: the shapes of the tops.
  func copiedPlaces(ofTop top: Int, _ inputs: [Shape], _ outputs: [Shape]) -> [Int]?

  /// True if every unit (output or channel) of the bottom reaches the top, at least in part, and
  /// receives a gradient.
  var passesEveryUnit: Bool { get }

  /// True for the layers from which a model file builds its own losses: formulas and reductions.
  var isFormula: Bool { get }

  /// True if the outputs do not depend on the scale of the inputs, as in a normalization.
  var removesScale: Bool { get }

  /// Records the kernels that compute the outputs, and returns the values that backward needs.
  func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Kept

  /// Records the kernels that compute the gradients in `pass`: those of the inputs and of the
  /// trained parameters.
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
  package func copiedPlaces(ofTop top: Int, _ inputs: [Shape], _ outputs: [Shape]) -> [Int]? {
    isView ? Array(0..<inputs[0].example.count) : nil
  }
  package var removesScale: Bool { false }
  package var isFormula: Bool { false }
  package var namesBottoms: Bool { false }
  package func takeNames(ofBottoms names: [String]?, _ diagnostics: inout Diagnostics) {}
  package func outputShapes(
    _ inputs: [Shape], topCount: Int
  ) throws(ShapeFailure) -> [Shape] { try outputShapes(inputs) }
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .plain(inputs: inputs.count, outputs: topCount) }
  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] { [] }
  package func batchStatisticCount(_ inputs: [Shape], isTraining: Bool) -> Int? { nil }
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double { 0 }
}
