import Kernels
import Layers
import Oracles
import Plans
import Tensors
import Threads

/// A tensor of a test, row-major.
struct Tensor {
  let shape: Shape
  var values: [Float]

  init(_ axes: [Int], _ values: [Float]) {
    shape = Shape(axes)
    self.values = values
  }

  init(_ reference: ReferenceTensor) {
    (shape, values) = (reference.shape, reference.floats)
  }
}

/// A sequence of layers, recorded and run in the same way as a network's plan.
struct LayerRun {
  let layers: [any Layer]
  /// The inputs of the first layer. A later loss or metric reads all inputs but the first.
  var inputs: [Tensor]
  /// The parameters of each layer, in the order of the declarations.
  var parameters: [[Tensor]]
  /// The gradient of each top of the last layer. Nil for the number of a loss or metric, and for a
  /// top that nothing reads.
  var outputGradients: [[Float]?]
  /// For each input, true if it needs a gradient.
  var needsGradients: [Bool]
  var lossWeight = 1.0
  var sliceCount = 1
  var isTraining = true
  /// The layout in which the first layer receives its inputs, if it can read that layout.
  var layout = TensorLayout.plain
  /// The greatest number of bytes that the plan keeps for the backward direction. The plan computes
  /// further tensors again. Nil for the planner's limit.
  var keptLimit: Int?
  /// The number of examples, if there is no input.
  var exampleCount = 1

  var batchSize: Int { inputs.first?.shape[0] ?? exampleCount }

  struct Results: Equatable {
    /// The values of each top. The first top of a loss or metric holds its number.
    var outputs: [[Double]] = []
    var outputShapes: [Shape] = []
    var inputGradients: [[Float]?] = []
    var parameterGradients: [[[Float]]] = []
    /// For each layer, the statistics after the run.
    var statistics: [[[Float]]] = []

    /// The values of the first top.
    var output: [Double] { outputs[0] }
  }

  /// The seed, the step and the layer's name that determine the random numbers.
  static let noise = (seed: 7, step: 3, layer: "layer0")

  /// Compiles and runs the layers.
  ///
  /// - Parameter withGradients: false to run only the forward direction.
  func run(on workers: Workers, withGradients: Bool = true) throws -> Results {
    let compiled = try CompiledRun(self, withGradients: withGradients)
    compiled.run(on: workers)
    return compiled.results
  }
}

/// A ``LayerRun`` as a plan that can run several times.
final class CompiledRun {
  struct Parameter {
    let declaration: ParameterDeclaration
    /// The values, in the order of the layer's memory.
    let value: FloatView
    let gradient: FloatView
  }

  let run: LayerRun
  /// The memory of the inputs, row-major.
  private(set) var inputs: [FloatView] = []
  /// The parameters of each layer.
  private(set) var parameters: [[Parameter]] = []
  private let plan: TestPlan
  private var tape = LayerTape()
  private var sources: [LayerTape.Value] = []
  /// The tops of the last layer, row-major.
  private var outputs: [Slot] = []
  private var outputShapes: [Shape] = []
  private var inputGradients: [Slot?] = []
  private var parameterGradients: [Slot?] = []
  private let step = Storage<Int>(count: 1)

  init(_ run: LayerRun, withGradients: Bool = true) throws {
    self.run = run
    plan = TestPlan(batchSize: run.batchSize, sliceCount: run.sliceCount)
    if let limit = run.keptLimit { plan.builder.keptLimit = limit }
    recordInputs()
    let tops = try recordForward()
    if withGradients { recordBackward(from: tops) }
    try plan.compile()
  }

  func run(on workers: Workers) { plan.run(on: workers) }

  private func recordInputs() {
    for (index, tensor) in run.inputs.enumerated() {
      let shape = tensor.shape
      var slot = plan.builder.batchSlot("input\(index)", shape)
      inputs.append(plan.fill(slot, with: tensor.values))
      if shape.rank >= 3, run.layout == .channelsLast {
        slot = inLayout(run.layout, slot)
      }
      sources.append(tape.value("input\(index)", shape, slot: slot))
    }
  }

  /// Records the layers and returns the tops of the last.
  private func recordForward() throws -> [LayerTape.Value] {
    var values = sources
    for (index, layer) in run.layers.enumerated() {
      let isScoring = layer.kind.scoring != nil
      if index > 0, isScoring { values += sources.dropFirst() }
      let shapes = values.isEmpty ? [Shape([run.batchSize])] : values.map(tape.shape(of:))
      let stated = max(run.outputGradients.count, isScoring ? 1 : 0)
      let topCount = index == run.layers.count - 1 ? stated : 1
      let tops = try layer.outputShapes(shapes, topCount: topCount).map {
        tape.value("y\(index)", $0)
      }
      var call = LayerCall(
        layer, name: "layer\(index)", inputs: values, outputs: tops,
        parameters: addParameters(of: layer, index, shapes))
      if layer.kind.loss != nil { call.weights[0] = run.lossWeight }
      let phase = LayerPhase(
        isTraining: run.isTraining, objectiveBatchSize: run.batchSize,
        fullBatchSize: run.batchSize, noise: noise(of: index))
      tape.record(call, phase, &plan.builder)
      values = tops
    }
    outputShapes = values.map(tape.shape(of:))
    for (index, top) in values.enumerated() {
      guard let slot = tape.slot(of: top) else { preconditionFailure("a top without values") }
      outputs.append(isScored && index == 0 ? slot : kept(slot))
    }
    return values
  }

  private var isScored: Bool { run.layers.last?.kind.scoring != nil }

  private func noise(of index: Int) -> NoiseSource? {
    guard run.isTraining, let step else { return nil }
    step[0] = LayerRun.noise.step
    return NoiseSource(seed: LayerRun.noise.seed, layer: "layer\(index)", step: View(step))
  }

  /// Adds the parameters of a layer to the tape and returns their numbers.
  private func addParameters(of layer: any Layer, _ index: Int, _ shapes: [Shape]) -> [Int] {
    let declarations = layer.parameters(shapes)
    precondition(declarations.count == run.parameters[index].count, "parameters without values")
    parameters.append([])
    return zip(declarations, run.parameters[index]).map { declaration, tensor in
      precondition(declaration.shape == tensor.shape, "a parameter of another shape")
      let (value, view) = plan.external(
        declaration.name, declaration.shape, declaration.inMemory(tensor.values))
      let (gradient, gradientView) = plan.external(
        "∂\(declaration.name)", declaration.shape, tensor.values.map { _ in .nan })
      parameters[index].append(
        Parameter(declaration: declaration, value: view, gradient: gradientView))
      parameterGradients.append(declaration.role.isTrained ? gradient : nil)
      return tape.parameter(
        declaration.name, declaration.shape,
        ParameterTensor(value: value, order: declaration.order))
    }
  }

  private func recordBackward(from tops: [LayerTape.Value]) {
    for (top, values) in zip(tops, run.outputGradients) {
      guard let values else { continue }
      let slot = plan.builder.batchSlot("∂y", tape.shape(of: top))
      plan.fill(slot, with: values)
      tape.seed(top, with: slot, &plan.builder)
    }
    let needed = zip(sources, run.needsGradients).filter(\.1).map(\.0)
    tape.backward(to: needed, parameterGradients: parameterGradients, &plan.builder)
    inputGradients = sources.map { tape.gradient(of: $0).map(kept) }
  }

  /// Returns the tensor in row-major order, kept until after a run.
  private func kept(_ slot: Slot) -> Slot {
    let plain = inLayout(.plain, slot)
    plan.builder.keep(plain)
    return plain
  }

  /// Returns the tensor in a layout: itself, or a copy.
  private func inLayout(_ layout: TensorLayout, _ slot: Slot) -> Slot {
    guard plan.builder.layout(of: slot) != layout else { return slot }
    let copy = plan.builder.batchSlot("turned", plan.builder.shape(of: slot), layout: layout)
    plan.builder.reorder(slot, to: copy)
    return copy
  }

  /// The memory of the gradient of an input, row-major. Nil for an input without one.
  func inputGradient(_ index: Int) -> FloatView? {
    inputGradients[index].map { plan.floats($0) }
  }

  /// The row-major values of each top. The first top of a loss or metric holds its number.
  var topValues: [[Double]] {
    outputs.enumerated().map { index, slot in
      guard index == 0, let scoring = run.layers.last?.kind.scoring else {
        return plan.values(of: slot).map(Double.init)
      }
      return [scoring.value(of: plan.statistics(of: slot))]
    }
  }

  var results: LayerRun.Results {
    var results = LayerRun.Results()
    results.outputShapes = outputShapes
    results.outputs = topValues
    results.inputGradients = inputGradients.map { slot in slot.map { plan.values(of: $0) } }
    results.parameterGradients = parameters.map { parameters in
      parameters.filter { $0.declaration.role.isTrained }
        .map { $0.declaration.rowMajor($0.gradient.values) }
    }
    results.statistics = parameters.map { parameters in
      parameters.filter { !$0.declaration.role.isTrained }.map(\.value.values)
    }
    return results
  }
}

extension ParameterDeclaration {
  /// Returns row-major values in the order of the layer's kernels.
  fileprivate func inMemory(_ values: [Float]) -> [Float] {
    order == .rowMajor ? values : ParameterDeclaration.transposed(values, rows: shape[0])
  }

  fileprivate func rowMajor(_ values: [Float]) -> [Float] {
    order == .rowMajor
      ? values : ParameterDeclaration.transposed(values, rows: values.count / shape[0])
  }

  /// Returns the columns of a matrix with `rows` rows, one after the other.
  private static func transposed(_ values: [Float], rows: Int) -> [Float] {
    let columns = values.count / rows
    return values.indices.map { values[$0 % rows * columns + $0 / rows] }
  }
}
