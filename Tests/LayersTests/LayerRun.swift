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

/// Layers in a row, recorded, run and read as a network's plan does it.
struct LayerRun {
  let layers: [any Layer]
  /// What the first layer reads; a loss or metric that is not the first reads all but the first.
  var inputs: [Tensor]
  /// By layer, in the order of the declarations.
  var parameters: [[Tensor]]
  /// Of the last layer, by top; nil for the number of a loss or metric, and for a top that nothing reads.
  var outputGradients: [[Float]?]
  /// By input.
  var needsGradients: [Bool]
  var lossWeight = 1.0
  var sliceCount = 1
  var isTraining = true
  /// In which the first layer is given its inputs, as far as it reads them so.
  var layout = TensorLayout.plain
  /// Bytes that may wait for the backward direction before something is computed again; nil for the planner's.
  var keptLimit: Int?
  /// Examples, where there is no input to tell them.
  var exampleCount = 1

  var batchSize: Int { inputs.first?.shape[0] ?? exampleCount }

  struct Results: Equatable {
    /// By top; the first of a loss or metric is its number.
    var outputs: [[Double]] = []
    var outputShapes: [Shape] = []
    var inputGradients: [[Float]?] = []
    var parameterGradients: [[[Float]]] = []
    /// By layer: what became of the statistics.
    var statistics: [[[Float]]] = []

    /// The first top.
    var output: [Double] { outputs[0] }
  }

  /// The seed, the step and the layer's name behind what a layer draws.
  static let noise = (seed: 7, step: 3, layer: "layer0")

  /// Compiles and runs the layers.
  ///
  /// - Parameter withGradients: false for the forward direction alone.
  func run(on workers: Workers, withGradients: Bool = true) throws -> Results {
    let recorder = LayerRecorder(self)
    try recorder.forward()
    if withGradients { recorder.backward() }
    try recorder.plan.compile()
    recorder.plan.run(on: workers)
    return recorder.results
  }
}

/// Records a ``LayerRun``.
private final class LayerRecorder {
  let run: LayerRun
  let plan: TestPlan
  private var passes: [LayerPass] = []
  /// The tops of the last layer, row-major.
  private var outputs: [Slot] = []
  private var inputGradients: [Slot?] = []
  /// By layer: the views of the gradients and of the values, in the order of the layer's memory.
  private var gradients: [[FloatView]] = []
  private var values: [[FloatView]] = []
  private let step = Storage<Int>(count: 1)

  init(_ run: LayerRun) {
    self.run = run
    plan = TestPlan(batchSize: run.batchSize, sliceCount: run.sliceCount)
    if let limit = run.keptLimit { plan.builder.keptLimit = limit }
  }

  func forward() throws {
    let inputs = run.inputs.enumerated().map { index, tensor in
      plan.input("input\(index)", tensor.shape, tensor.values)
    }
    var (slots, shapes) = (inputs, run.inputs.map(\.shape))
    if shapes.isEmpty { shapes = [Shape([run.batchSize])] }
    var topCount = max(run.outputGradients.count, 1)
    for (index, layer) in run.layers.enumerated() {
      plan.builder.layer = "layer\(index)"
      if index > 0, layer is any Scoring {
        slots += inputs.dropFirst()
        shapes += run.inputs.dropFirst().map(\.shape)
      }
      let stated = max(run.outputGradients.count, layer is any Scoring ? 1 : 0)
      topCount = index == run.layers.count - 1 ? stated : 1
      let outputShapes = try layer.outputShapes(shapes, topCount: topCount)
      let layouts = layouts(of: layer, index, shapes, topCount: outputShapes.count)
      slots = zip(slots, layouts.inputs).map { turned($0, to: $1) }
      let statistics = (layer as? any Scoring).map {
        plan.builder.statistics("sums", count: $0.statisticCount(shapes))
      }
      var outputs =
        layer.isView
        ? outputShapes.map { _ in slots[0] }
        : zip(outputShapes, layouts.outputs).map {
          plan.builder.batchSlot("y\(index)", $0, layout: $1)
        }
      if let statistics { outputs[0] = statistics.total }
      let none = outputs.first ?? slots[0]
      var pass = LayerPass(
        inputShapes: shapes, outputShapes: outputShapes, layouts: layouts, inputs: slots,
        outputs: outputs, isTraining: run.isTraining, noise: noise(of: index),
        parameters: parameters(of: layer, index, shapes), lossWeight: run.lossWeight,
        statistics: statistics ?? (none, none))
      if !layer.isView { layer.forward(&pass, &plan.builder) }
      passes.append(pass)
      (slots, shapes) = (outputs, outputShapes)
    }
    outputs = slots.enumerated().map { index, slot in
      isScored && index == 0 ? slot : turned(slot, to: .plain)
    }
    for slot in isScored ? Array(outputs.dropFirst()) : outputs { plan.builder.keep(slot) }
  }

  private var isScored: Bool { run.layers.last is any Scoring }

  private func layouts(
    of layer: any Layer, _ index: Int, _ shapes: [Shape], topCount: Int
  ) -> LayerLayouts {
    let given = shapes.map { shape in
      let isBlockable = shape.rank >= 3 && shape[1] % TensorLayout.blockWidth == 0
      let canHave = index == 0 && shape.rank >= 3 && (run.layout != .blocked || isBlockable)
      return canHave ? run.layout : .plain
    }
    return layer.layouts(shapes, given: given, topCount: topCount)
  }

  /// The tensor in a layout: itself, or a copy.
  private func turned(_ slot: Slot, to layout: TensorLayout) -> Slot {
    guard plan.builder.layout(of: slot) != layout else { return slot }
    let copy = plan.builder.batchSlot("turned", plan.builder.shape(of: slot), layout: layout)
    plan.builder.reorder(slot, to: copy)
    return copy
  }

  private func noise(of index: Int) -> NoiseSource? {
    guard run.isTraining, let step else { return nil }
    step[0] = LayerRun.noise.step
    return NoiseSource(seed: LayerRun.noise.seed, layer: "layer\(index)", step: View(step))
  }

  private func parameters(
    of layer: any Layer, _ index: Int, _ shapes: [Shape]
  ) -> [LayerPass.Parameter] {
    var (views, valueViews): ([FloatView], [FloatView]) = ([], [])
    let declarations = layer.parameters(shapes)
    precondition(declarations.count == run.parameters[index].count, "parameters without values")
    let parameters = zip(declarations, run.parameters[index]).map { declaration, tensor in
      precondition(declaration.shape == tensor.shape, "a parameter of another shape")
      let (value, valueView) = plan.external(
        declaration.name, declaration.shape, declaration.inMemory(tensor.values))
      let (gradient, view) = plan.external(
        "∂\(declaration.name)", declaration.shape, tensor.values.map { _ in .nan })
      views.append(view)
      valueViews.append(valueView)
      return LayerPass.Parameter(
        value: value, gradient: declaration.role == .trained ? gradient : nil,
        order: declaration.order)
    }
    gradients.append(views)
    values.append(valueViews)
    return parameters
  }

  func backward() {
    let last = passes[passes.count - 1]
    var outputGradients = run.outputGradients.enumerated().map { top, values -> Slot? in
      guard let values else { return nil }
      let slot = plan.builder.batchSlot("∂y", last.outputShapes[top])
      plan.fill(slot, with: values)
      return turned(slot, to: last.outputLayouts[top])
    }
    if outputGradients.isEmpty { outputGradients = last.outputs.map { _ in nil } }
    for (index, layer) in run.layers.enumerated().reversed() {
      plan.builder.layer = "layer\(index)"
      var pass = passes[index]
      pass.outputGradients = outputGradients
      // Of a layer in the middle, what comes from the layer before.
      let needs = index == 0 ? run.needsGradients : [true, false]
      pass.inputGradients = pass.inputs.indices.map { input in
        needs[input]
          ? plan.builder.batchSlot(
            "∂x\(index)", pass.inputShapes[input], layout: pass.inputLayouts[input]) : nil
      }
      if layer.isView {
        pass.inputGradients = [sum(of: outputGradients.compactMap { $0 }, pass.inputShapes[0])]
      } else {
        layer.backward(&pass, &plan.builder)
      }
      outputGradients = [pass.inputGradients.first ?? nil]
      inputGradients = pass.inputGradients.map { slot in slot.map { turned($0, to: .plain) } }
    }
    for slot in inputGradients.compactMap({ $0 }) { plan.builder.keep(slot) }
  }

  /// The gradient of what several tops are views of.
  private func sum(of parts: [Slot], _ shape: Shape) -> Slot? {
    guard parts.count > 1 else { return parts.first }
    let sum = plan.builder.batchSlot("∂x", shape, layout: plan.builder.layout(of: parts[0]))
    plan.builder.sum(parts, to: sum)
    return sum
  }

  var results: LayerRun.Results {
    var results = LayerRun.Results()
    let last = passes[passes.count - 1]
    results.outputShapes = last.outputShapes
    results.outputs = outputs.enumerated().map { index, slot in
      guard index == 0, let scoring = run.layers.last as? any Scoring else {
        return plan.values(of: slot).map(Double.init)
      }
      return [scoring.value(of: plan.statistics(of: last.statistics.total))]
    }
    results.inputGradients = inputGradients.map { slot in slot.map { plan.values(of: $0) } }
    for (index, layer) in run.layers.enumerated() {
      let declarations = layer.parameters(passes[index].inputShapes)
      results.parameterGradients.append(
        zip(declarations, gradients[index]).filter { $0.0.role == .trained }
          .map { $0.rowMajor($1.values) })
      results.statistics.append(
        zip(declarations, values[index]).filter { $0.0.role == .statistic }.map { $1.values })
    }
    return results
  }
}

extension ParameterDeclaration {
  /// Row-major values as the layer's kernels expect them.
  fileprivate func inMemory(_ values: [Float]) -> [Float] {
    order == .rowMajor ? values : ParameterDeclaration.transposed(values, rows: shape[0])
  }

  fileprivate func rowMajor(_ values: [Float]) -> [Float] {
    order == .rowMajor
      ? values : ParameterDeclaration.transposed(values, rows: values.count / shape[0])
  }

  /// The columns of a matrix of `rows` rows, one after the other.
  private static func transposed(_ values: [Float], rows: Int) -> [Float] {
    let columns = values.count / rows
    return values.indices.map { values[$0 % rows * columns + $0 / rows] }
  }
}
