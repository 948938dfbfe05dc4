import Kernels
import Layers
import Oracles
import Plans
import Tensors

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
  /// Of the last layer; nil for a loss or metric.
  var outputGradient: [Float]?
  /// By input.
  var needsGradients: [Bool]
  var lossWeight = 1.0
  var sliceCount = 1

  struct Results: Equatable {
    var output: [Double] = []
    var outputShape = Shape.scalar
    var inputGradients: [[Float]?] = []
    var parameterGradients: [[[Float]]] = []
  }

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
  private var inputGradients: [Slot?] = []
  /// By layer: the views of the gradients, in the order of the layer's memory.
  private var gradients: [[FloatView]] = []

  init(_ run: LayerRun) {
    self.run = run
    plan = TestPlan(batchSize: run.inputs[0].shape[0], sliceCount: run.sliceCount)
  }

  func forward() throws {
    let inputs = run.inputs.enumerated().map { index, tensor in
      plan.input("input\(index)", tensor.shape, tensor.values)
    }
    var (slots, shapes) = (inputs, run.inputs.map(\.shape))
    for (index, layer) in run.layers.enumerated() {
      plan.builder.layer = "layer\(index)"
      if index > 0, layer is any Scoring {
        slots += inputs.dropFirst()
        shapes += run.inputs.dropFirst().map(\.shape)
      }
      let outputShapes = try layer.outputShapes(shapes)
      let statistics = (layer as? any Scoring).map {
        plan.builder.statistics("sums", count: $0.statisticCount(shapes))
      }
      let outputs =
        statistics.map { [$0.total] }
        ?? (layer.isView ? slots : outputShapes.map { plan.builder.batchSlot("y\(index)", $0) })
      var pass = LayerPass(
        inputShapes: shapes, outputShapes: outputShapes, inputs: slots, outputs: outputs,
        parameters: parameters(of: layer, index, shapes), lossWeight: run.lossWeight,
        statistics: statistics ?? (outputs[0], outputs[0]))
      layer.forward(&pass, &plan.builder)
      passes.append(pass)
      (slots, shapes) = (outputs, outputShapes)
    }
    if !isScored { plan.builder.keep(slots[0]) }
  }

  private var isScored: Bool { run.layers.last is any Scoring }

  private func parameters(
    of layer: any Layer, _ index: Int, _ shapes: [Shape]
  ) -> [LayerPass.Parameter] {
    var views: [FloatView] = []
    let declarations = layer.parameters(shapes)
    precondition(declarations.count == run.parameters[index].count, "parameters without values")
    let parameters = zip(declarations, run.parameters[index]).map { declaration, tensor in
      precondition(declaration.shape == tensor.shape, "a parameter of another shape")
      let (value, _) = plan.external(
        declaration.name, declaration.shape, declaration.inMemory(tensor.values))
      let (gradient, view) = plan.external(
        "∂\(declaration.name)", declaration.shape, tensor.values.map { _ in .nan })
      views.append(view)
      return LayerPass.Parameter(value: value, gradient: gradient, order: declaration.order)
    }
    gradients.append(views)
    return parameters
  }

  func backward() {
    var gradient: Slot?
    if let values = run.outputGradient {
      let slot = plan.builder.batchSlot("∂y", passes[passes.count - 1].outputShapes[0])
      plan.fill(slot, with: values)
      gradient = slot
    }
    for (index, layer) in run.layers.enumerated().reversed() {
      plan.builder.layer = "layer\(index)"
      var pass = passes[index]
      pass.outputGradients = [gradient]
      // Of a layer in the middle, what comes from the layer before.
      let needs = index == 0 ? run.needsGradients : [true, false]
      pass.inputGradients = zip(pass.inputShapes, needs).map { shape, isNeeded in
        isNeeded ? plan.builder.batchSlot("∂x\(index)", shape) : nil
      }
      if layer.isView {
        pass.inputGradients = [gradient]
      } else {
        layer.backward(&pass, &plan.builder)
      }
      gradient = pass.inputGradients[0]
      inputGradients = pass.inputGradients
    }
    for slot in inputGradients.compactMap({ $0 }) { plan.builder.keep(slot) }
  }

  var results: LayerRun.Results {
    var results = LayerRun.Results()
    let last = passes[passes.count - 1]
    results.outputShape = last.outputShapes[0]
    if let scoring = run.layers.last as? any Scoring {
      results.output = [scoring.value(of: plan.statistics(of: last.statistics.total))]
    } else {
      results.output = plan.values(of: last.outputs[0]).map(Double.init)
    }
    results.inputGradients = inputGradients.map { slot in slot.map { plan.values(of: $0) } }
    results.parameterGradients = zip(run.layers, passes).enumerated().map { index, layer in
      zip(layer.0.parameters(layer.1.inputShapes), gradients[index]).map { declaration, view in
        declaration.rowMajor(view.values)
      }
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
