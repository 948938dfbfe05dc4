import Fields
import Inspection
import Layers
import Oracles
import Tensors
import Testing
import Threads
import YAML

/// A layer with inputs on which its gradients are checked.
struct GradientSubject: CustomTestStringConvertible {
  /// The type in the catalog.
  let entry: String
  /// The mapping of the model file.
  let yaml: String
  let axes: [Int]
  /// True for a function with a kink. Differences near it prove nothing.
  var hasKink = false
  /// The number of classes in labels. 0 for a loss that compares numbers.
  var classes = 0

  var testDescription: String { "\(yaml) of \(Shape(axes).description)" }

  static let all = [
    GradientSubject(entry: "Linear", yaml: "{type: Linear, num_output: 4}", axes: [3, 5]),
    GradientSubject(
      entry: "Linear", yaml: "{type: Linear, num_output: 9, bias_term: false}", axes: [2, 3]),
    GradientSubject(entry: "Linear", yaml: "{type: Linear, num_output: 3}", axes: [2, 2, 3]),
    GradientSubject(entry: "ReLU", yaml: "ReLU", axes: [3, 7], hasKink: true),
    GradientSubject(
      entry: "ReLU", yaml: "{type: ReLU, negative_slope: 0.3}", axes: [2, 3, 4], hasKink: true),
    GradientSubject(entry: "Sigmoid", yaml: "Sigmoid", axes: [3, 7]),
    GradientSubject(entry: "TanH", yaml: "TanH", axes: [3, 7]),
    GradientSubject(entry: "Softmax", yaml: "Softmax", axes: [3, 5]),
    GradientSubject(entry: "Softmax", yaml: "{type: Softmax, axis: -1}", axes: [2, 3, 4]),
    GradientSubject(entry: "Softmax", yaml: "Softmax", axes: [2, 3, 4]),
    GradientSubject(entry: "Flatten", yaml: "Flatten", axes: [2, 3, 2]),
    GradientSubject(entry: "SoftmaxWithLoss", yaml: "SoftmaxWithLoss", axes: [4, 5], classes: 5),
    GradientSubject(
      entry: "SoftmaxWithLoss", yaml: "SoftmaxWithLoss", axes: [2, 3, 2], classes: 3),
    GradientSubject(entry: "EuclideanLoss", yaml: "EuclideanLoss", axes: [3, 4]),
  ]

  func layer() throws -> any Layer { try LayerCatalog.all.decoded(yaml) }

  /// Returns the layer with random inputs, parameters and output gradient.
  func run(of layer: any Layer, sliceCount: Int = 1) throws -> LayerRun {
    var numbers = SeededNumbers(seed: 101)
    let shape = Shape(axes)
    var inputs = [Tensor(axes, numbers.floats(shape.count, in: -2...2))]
    if classes > 0 {
      let positions = [axes[0]] + axes.dropFirst(2)
      inputs.append(
        Tensor(positions, numbers.labels(positions.reduce(1, *), of: classes)))
    } else if layer.kind.scoring != nil {
      inputs.append(Tensor(axes, numbers.floats(shape.count, in: -2...2)))
    }
    let shapes = inputs.map(\.shape)
    let outputCount = try layer.outputShapes(shapes)[0].count
    let isScoring = layer.kind.scoring != nil
    // Values away from 0 keep every gradient large enough to differ from a wrong one.
    let gradient: [Float] = (0..<outputCount).map { Float($0 % 3) - (($0 % 2 == 0) ? 2.5 : -0.75) }
    return LayerRun(
      layers: [layer], inputs: inputs,
      parameters: [
        layer.parameters(shapes).map { Tensor($0.shape.axes, numbers.floats($0.shape.count)) }
      ],
      outputGradients: isScoring ? [] : [gradient],
      // Labels are data. The second bottom of a Euclidean loss can be computed too.
      needsGradients: inputs.indices.map { $0 == 0 || classes == 0 },
      // A mean over a batch is small. The weight makes its gradients as large as others.
      lossWeight: isScoring ? 6 : 1, sliceCount: sliceCount)
  }

  func check(_ run: LayerRun) throws -> LayerGradientCheck {
    try LayerGradientCheck(run, on: Workers(count: 1))
  }
}

@Suite("Gradient checks") struct GradientCheckTests {
  @Test("pass for every layer, whole and in slices", arguments: GradientSubject.all, [1, 2])
  func correct(subject: GradientSubject, sliceCount: Int) throws {
    let run = try subject.run(of: subject.layer(), sliceCount: sliceCount)
    let outcome = try subject.check(run)
    #expect(outcome.mismatch == nil)
    let inputs = zip(run.inputs, run.needsGradients).filter(\.1).map(\.0)
    let elements = (inputs + run.parameters.joined()).reduce(0) { $0 + $1.values.count }
    #expect(outcome.checkedCount + outcome.skippedCount == elements)
    // A check that skips most elements proves nothing.
    #expect(outcome.skippedCount * 5 <= elements)
    #expect(outcome.skippedCount == 0 || subject.hasKink)
  }

  /// Some cases request a check by differences, in addition to their stated gradients.
  static func cases() throws -> [ReferenceCase] {
    try LayerCatalog.all.names.flatMap { try ReferenceFile($0).layerCases() }
      .filter { $0.kinks != nil }
  }

  @Test("pass for the reference cases that request it", arguments: try cases())
  func referenceCase(test: ReferenceCase) throws {
    let run = try test.run(sliceCount: min(2, test.batchSize))
    let outcome = try LayerGradientCheck(run, on: Workers(count: 1))
    #expect(outcome.mismatch == nil)
    #expect(outcome.checkedCount > outcome.skippedCount)
  }

  @Test("exist for every layer of the catalog with gradients")
  func completeness() throws {
    let checked = Set(try GradientCheckTests.cases().map { $0.layers[0]["type"]?.scalar?.text })
    for name in LayerCatalog.all.names {
      let cases = try ReferenceFile(name).layerCases()
      // A metric has no gradients. A layer whose cases state no gradients has none either.
      let hasGradients = cases.contains { test in
        test.inputGradients.contains { $0 != nil }
          || test.parameterGradients.contains { !$0.isEmpty }
      }
      let isChecked = checked.contains(name) || GradientSubject.all.contains { $0.entry == name }
      #expect(isChecked == hasGradients, "\(name)")
    }
  }

  @Test("find every flaw of an input's gradient", arguments: GradientSubject.all, Flaw.allCases)
  func flawedInput(subject: GradientSubject, flaw: Flaw) throws {
    let layer = try subject.layer()
    // A view has no kernel, and therefore no flaw.
    if layer.isView { return }
    let flawed: any Layer =
      layer.kind.loss.map { FlawedLoss(base: $0, flaw: flaw) }
      ?? FlawedLayer(base: layer, flaw: flaw, tensor: .input)
    let outcome = try subject.check(subject.run(of: flawed))
    #expect(outcome.mismatch?.hasPrefix("element ") == true)
    #expect(outcome.mismatch?.contains("of input 0") == true)
  }

  @Test("find every flaw of a parameter's gradient", arguments: [0, 1], Flaw.allCases)
  func flawedParameter(parameter: Int, flaw: Flaw) throws {
    let subject = GradientSubject.all[0]
    let flawed = FlawedLayer(base: try subject.layer(), flaw: flaw, tensor: .parameter(parameter))
    let outcome = try subject.check(subject.run(of: flawed))
    #expect(outcome.mismatch?.contains("of parameter \(parameter)") == true)
  }

  @Test("find a missing term")
  func missingTerm() throws {
    let subject = GradientSubject(entry: "Softmax", yaml: "Softmax", axes: [3, 5])
    let outcome = try subject.check(subject.run(of: UncoupledSoftmax()))
    #expect(outcome.mismatch?.contains("of input 0") == true)
  }

  /// At the kink, a central difference is the mean of both slopes.
  @Test("distinguish a kink from a wrong gradient")
  func kink() throws {
    let subject = GradientSubject(entry: "ReLU", yaml: "ReLU", axes: [1, 2])
    func row(of layer: any Layer) throws -> (kinks: Int, agreeing: Int, wrong: Int) {
      var run = try subject.run(of: layer)
      run.inputs[0].values = [0.0001, 1]
      let row = try subject.check(run).rows[0]
      return (row.kinks, row.agreeing, row.wrong)
    }
    #expect(try row(of: ReLU()) == (1, 1, 0))
    #expect(try row(of: FlawedLayer(base: ReLU(), flaw: .wrongSign, tensor: .input)) == (0, 0, 2))
  }

  @Test("pass for layers in a row, with fused functions and a loss", arguments: [1, 3])
  func network(sliceCount: Int) throws {
    var numbers = SeededNumbers(seed: 102)
    let run = LayerRun(
      layers: [
        try LayerCatalog.all.decoded("{type: Linear, num_output: 5}"), TanH(),
        try LayerCatalog.all.decoded("{type: Linear, num_output: 4}"), Sigmoid(),
        try LayerCatalog.all.decoded("{type: Linear, num_output: 3}"), SoftmaxWithLoss(),
      ],
      inputs: [Tensor([3, 4], numbers.floats(12)), Tensor([3], [2, 0, 1])],
      parameters: [
        [Tensor([5, 4], numbers.floats(20)), Tensor([5], numbers.floats(5))], [],
        [Tensor([4, 5], numbers.floats(20)), Tensor([4], numbers.floats(4))], [],
        [Tensor([3, 4], numbers.floats(12)), Tensor([3], numbers.floats(3))], [],
      ],
      outputGradients: [], needsGradients: [true, false], lossWeight: 20, sliceCount: sliceCount)
    let outcome = try LayerGradientCheck(run, on: Workers(count: 2))
    #expect(outcome.mismatch == nil)
    #expect(outcome.checkedCount == 76)
  }
}
