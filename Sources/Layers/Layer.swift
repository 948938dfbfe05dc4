package import Kernels
package import Plans
package import Tensors
package import YAML

/// A layer type: what it asks of its inputs, what it gives, and how it computes both directions.
///
/// `forward` and `backward` record kernels into a plan and compute nothing themselves. The first axis of every blob
/// counts the examples of the batch; a layer whose kernels treat examples alike needs no thought for slices.
package protocol Layer: CatalogType {
  /// How many bottoms the layer reads.
  var inputCount: ClosedRange<Int> { get }

  /// The shapes of the tops.
  ///
  /// - Throws: ``ShapeFailure`` naming the shapes that do not fit.
  func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape]

  /// The parameters, in the order of the `param:` list.
  func parameters(_ inputs: [Shape]) -> [ParameterDeclaration]

  /// Floating-point operations of `forward` over the whole batch, a multiply-add counted as two.
  func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double

  /// True where the tops hold the bottoms' elements in the same order: no kernel runs.
  var isView: Bool { get }

  func forward(_ pass: inout LayerPass, _ plan: inout PlanBuilder)

  /// Records the gradients that `pass` asks for: of the inputs that need one, and of the trainable parameters.
  func backward(_ pass: inout LayerPass, _ plan: inout PlanBuilder)
}

extension Layer {
  package var inputCount: ClosedRange<Int> { 1...1 }
  package var isView: Bool { false }
  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] { [] }
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double { 0 }
}

/// A layer that reduces the batch to sums over examples, and those to one number.
///
/// Sums of several batches are added before the number is taken: a test value is exact over all examples, and no mean
/// of batch means.
package protocol Scoring: Layer {
  /// - Throws: ``ShapeFailure`` if the bottoms do not fit each other.
  func check(_ inputs: [Shape]) throws(ShapeFailure)

  /// How many sums the layer keeps.
  func statisticCount(_ inputs: [Shape]) -> Int

  /// The number that the sums make.
  func value(of statistics: [Double]) -> Double
}

/// A layer whose number is minimised.
package protocol Loss: Scoring {}

/// A layer whose number is only reported.
package protocol Metric: Scoring {
  /// True where a greater number is a better one.
  var isBetterWhenGreater: Bool { get }
}

/// A loss or metric that compares scores of classes along an axis with the number of a class.
package protocol ClassScoring: Scoring {
  /// The axis of the classes; negative counts from the end.
  var axis: Int { get }
}

extension Scoring {
  package var inputCount: ClosedRange<Int> { 2...2 }
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    try check(inputs)
    return [.scalar]
  }

  /// Records the kernel that makes the statistics, and their sum over the slices.
  func recordStatistics(
    _ name: String, _ pass: LayerPass, _ plan: inout PlanBuilder, writes: [Slot] = [],
    _ makeKernel: @escaping @Sendable (Binding, DoubleView) -> any Kernel
  ) {
    let (part, total) = pass.statistics
    plan.record(name, reads: pass.inputs, writes: [part] + writes) { binding in
      makeKernel(binding, binding.doubles(part))
    }
    plan.sum(part, to: total)
  }
}

extension Metric {
  package func backward(_ pass: inout LayerPass, _ plan: inout PlanBuilder) {}
}

/// Shapes that do not fit: expected and received, without the layer's name, which the graph adds.
package struct ShapeFailure: Error, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}

/// A tensor that training changes.
package struct ParameterDeclaration: Sendable {
  /// Within the layer: `weight`.
  package let name: String
  /// As in files: of a linear weight [out, in].
  package let shape: Shape
  package let filler: any Filler
  /// How the matrix lies in memory during training; files are always row-major.
  package let order: ProductShape.Order

  package init(
    _ name: String, _ shape: Shape, _ filler: any Filler, order: ProductShape.Order = .rowMajor
  ) {
    self.name = name
    self.shape = shape
    self.filler = filler
    self.order = order
  }
}

/// The tensors of one layer in one plan.
package struct LayerPass: Sendable {
  package struct Parameter: Sendable {
    package let value: Slot
    /// Nil where the parameter is frozen.
    package let gradient: Slot?
    package let order: ProductShape.Order

    package init(value: Slot, gradient: Slot?, order: ProductShape.Order) {
      self.value = value
      self.gradient = gradient
      self.order = order
    }
  }

  package let inputShapes: [Shape]
  package let outputShapes: [Shape]
  package let inputs: [Slot]
  package let outputs: [Slot]
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
    inputShapes: [Shape], outputShapes: [Shape], inputs: [Slot], outputs: [Slot],
    parameters: [Parameter], lossWeight: Double, statistics: (part: Slot, total: Slot)
  ) {
    self.inputShapes = inputShapes
    self.outputShapes = outputShapes
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
    self.lossWeight = lossWeight
    self.statistics = statistics
  }
}
