import Fields
import Layers
import Oracles
import Plans
import Tensors
import Testing
import Threads

/// y = tanh(W·tanh(W·x)) + x: a layer that applies one linear layer twice.
private struct Recurrence: ComposedLayer {
  static let reference = Reference("Recurrence", formula: "", discussion: "", example: "")
  static let fields: [Field<Recurrence>] = []

  private var linear: any Layer {
    get throws { try LayerCatalog.all.decoded("{type: Linear, num_output: 4, bias_term: false}") }
  }

  func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    ParameterDeclaration.named("step_", (try? linear.parameters(inputs)) ?? [])
  }

  func compose(_ parts: inout Composition, _ plan: inout PlanBuilder) {
    guard let linear = try? linear,
      let sum = try? LayerCatalog.all.decoded("{type: Eltwise}")
    else { return }
    var value = parts.inputs[0]
    for step in 0..<2 {
      value = parts.apply(linear, "sum \(step)", to: [value], parameters: 0..<1, &plan)
      value = parts.apply(TanH(), "state \(step)", to: [value], &plan)
    }
    parts.apply(sum, to: [value, parts.inputs[0]], makingOutput: 0, &plan)
  }
}

/// y = the layers, one after the other.
private struct Chain: ComposedLayer {
  var layers: [any Layer] = []

  static let reference = Reference("Chain", formula: "", discussion: "", example: "")
  static let fields: [Field<Chain>] = []

  init() {}
  init(_ layers: [any Layer]) { self.layers = layers }

  func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    var shapes = inputs
    for layer in layers { shapes = try layer.outputShapes(shapes) }
    return shapes
  }

  func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    var (shapes, all) = (inputs, [ParameterDeclaration]())
    for (index, layer) in layers.enumerated() {
      all += ParameterDeclaration.named("\(index)_", layer.parameters(shapes))
      shapes = (try? layer.outputShapes(shapes)) ?? []
    }
    return all
  }

  func compose(_ parts: inout Composition, _ plan: inout PlanBuilder) {
    var (value, first) = (parts.inputs[0], 0)
    for (index, layer) in layers.enumerated() {
      let last = first + layer.parameters([parts.shape(of: value)]).count
      if index == layers.count - 1 {
        parts.apply(layer, to: [value], parameters: first..<last, makingOutput: 0, &plan)
      } else {
        value = parts.apply(layer, "part \(index)", to: [value], parameters: first..<last, &plan)
      }
      first = last
    }
  }
}

@Suite("Layers inside a layer") struct CompositionTests {
  /// The gradient of a value or parameter with two uses is the sum of both contributions.
  @Test("share parameters and inputs", arguments: [1, 3])
  func shared(sliceCount: Int) throws {
    var numbers = SeededNumbers(seed: 5)
    let run = LayerRun(
      layers: [Recurrence()], inputs: [Tensor([3, 4], numbers.floats(12))],
      parameters: [[Tensor([4, 4], numbers.floats(16))]],
      outputGradients: [numbers.floats(12)], needsGradients: [true], sliceCount: sliceCount)
    #expect(Recurrence().parameters([Shape([3, 4])]).map(\.name) == ["step_weight"])
    let check = try LayerGradientCheck(run, on: Workers(count: 2))
    #expect(check.mismatch == nil)
    #expect(check.checkedCount == 28)
  }

  /// The inner layers choose layouts of their own, or are views; the outer layer's top is row-major.
  @Test(
    "give the same results as the layers in sequence",
    arguments: [
      ["{type: Convolution, num_output: 3, kernel_size: 2}", "TanH"],
      ["TanH", "{type: Convolution, num_output: 3, kernel_size: 2}"],
      ["TanH", "{type: Convolution, num_output: 16, kernel_size: 1}"],
      ["{type: Pooling, kernel_size: 2, stride: 1}", "Sigmoid", "Flatten"],
      ["BatchNorm", "ReLU"],
    ], [1, 2])
  func chain(entries: [String], sliceCount: Int) throws {
    let layers = try entries.map { try LayerCatalog.all.decoded($0) }
    var numbers = SeededNumbers(seed: 9)
    let shape = Shape([3, 2, 3, 3])
    let chain = Chain(layers)
    let outputCount = try chain.outputShapes([shape])[0].count
    let input = Tensor(shape.axes, numbers.floats(shape.count))
    let gradient = numbers.floats(outputCount)
    let values = chain.parameters([shape]).map { declaration in
      Tensor(declaration.shape.axes, numbers.floats(declaration.shape.count, in: 0.5...1))
    }
    var (shapes, split, rest) = ([shape], [[Tensor]](), values[...])
    for layer in layers {
      let count = layer.parameters(shapes).count
      split.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
      shapes = try layer.outputShapes(shapes)
    }
    func results(_ layers: [any Layer], _ parameters: [[Tensor]]) throws -> LayerRun.Results {
      try LayerRun(
        layers: layers, inputs: [input], parameters: parameters, outputGradients: [gradient],
        needsGradients: [true], sliceCount: sliceCount
      ).run(on: Workers(count: 2))
    }
    let (inner, row) = (try results([chain], [values]), try results(layers, split))
    #expect(inner.outputs == row.outputs)
    #expect(inner.inputGradients == row.inputGradients)
    #expect(inner.parameterGradients == [Array(row.parameterGradients.joined())])
    #expect(inner.statistics == [Array(row.statistics.joined())])
  }

  @Test("draw independent noise")
  func noise() throws {
    let dropout = try LayerCatalog.all.decoded("{type: Dropout, dropout_ratio: 0.5}")
    let results = try LayerRun(
      layers: [Chain([dropout, dropout])],
      inputs: [Tensor([1, 64], [Float](repeating: 1, count: 64))], parameters: [[]],
      outputGradients: [[Float](repeating: 1, count: 64)], needsGradients: [true]
    ).run(on: Workers(count: 1))
    // Equal masks would keep half of the values, and independent ones a quarter.
    let kept = results.output.count { $0 != 0 }
    #expect((6...26).contains(kept))
    #expect(results.output.allSatisfy { $0 == 0 || $0 == 4 })
    #expect(results.inputGradients == [results.output.map { Float($0) }])
  }
}
