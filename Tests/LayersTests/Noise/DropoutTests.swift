import Kernels
import LayerKernels
import Layers
import Oracles
import Tensors
import Testing
import Threads

/// Tests properties of all layers with random numbers. Reference cases check each number of a step.
@Suite("Layers with random numbers") struct DropoutTests {
  /// A layer with its parameters, and an input of ones.
  private func run(
    _ yaml: String, _ axes: [Int], sliceCount: Int = 1, isTraining: Bool = true,
    layout: TensorLayout = .plain
  ) throws -> LayerRun.Results {
    let layer = try LayerCatalog.all.decoded(yaml)
    let count = axes.reduce(1, *)
    let outputs = try layer.outputShapes([Shape(axes)])[0].count
    let run = LayerRun(
      layers: [layer], inputs: [Tensor(axes, [Float](repeating: 1, count: count))],
      parameters: [
        layer.parameters([Shape(axes)]).map {
          Tensor($0.shape.axes, (0..<$0.shape.count).map { Float($0 % 7) - 2.5 })
        }
      ], outputGradients: [(0..<outputs).map { Float($0 % 5) - 1.5 }], needsGradients: [true],
      sliceCount: sliceCount, isTraining: isTraining, layout: layout)
    return try run.run(on: Workers(count: 2))
  }

  private static let layers = [
    "Dropout", "SpatialDropout", "{type: DropConnect, num_output: 5}", "GaussianNoise",
  ]

  @Test("draw the same numbers for any number of slices", arguments: layers)
  func slices(yaml: String) throws {
    let whole = try run(yaml, [7, 5])
    for sliceCount in 2...7 {
      let sliced = try run(yaml, [7, 5], sliceCount: sliceCount)
      #expect(sliced.outputs == whole.outputs)
      #expect(sliced.inputGradients == whole.inputGradients)
    }
    #expect(try run(yaml, [7, 5], isTraining: false).outputs != whole.outputs)
  }

  @Test(
    "change nothing in the test phase or with a ratio of 0",
    arguments: [
      ("Dropout", false), ("SpatialDropout", false), ("GaussianNoise", false),
      ("{type: Dropout, dropout_ratio: 0}", true),
      ("{type: SpatialDropout, dropout_ratio: 0}", true), ("{type: GaussianNoise, std: 0}", true),
    ])
  func identity(yaml: String, isTraining: Bool) throws {
    let results = try run(yaml, [3, 5], isTraining: isTraining)
    #expect(results.output == [Double](repeating: 1, count: 15))
    #expect(results.inputGradients == [(0..<15).map { Float($0 % 5) - 1.5 }])
  }

  @Test("drop the requested share, and keep the mean", arguments: [0.2, 0.5, 0.7])
  func rate(ratio: Double) throws {
    let output = try run("{type: Dropout, dropout_ratio: \(ratio)}", [100, 200]).output
    #expect(abs(Double(output.count { $0 == 0 }) / 20_000 - ratio) < 0.02)
    #expect(abs(output.reduce(0, +) / 20_000 - 1) < 0.05)
  }

  @Test("drop the same whole channels in all layouts")
  func channels() throws {
    let plain = try run("SpatialDropout", [6, 32, 3, 3])
    #expect(try run("SpatialDropout", [6, 32, 3, 3], layout: .channelsLast) == plain)
    let dropped = (0..<192).count { channel in
      let values = Set(plain.output[channel * 9..<(channel + 1) * 9])
      #expect(values == [0] || values == [2])
      return values == [0]
    }
    #expect((60...132).contains(dropped))
  }

  /// With 15 positions a block of random words spans two channels; with 16 it does not.
  @Test(
    "draw the same numbers in every layout, forward and backward", arguments: layers,
    [[4, 32, 3, 5], [4, 16, 4, 4], [4, 16, 2]])
  func layouts(yaml: String, axes: [Int]) throws {
    let plain = try run(yaml, axes)
    #expect(plain != (try run(yaml, axes, isTraining: false)))
    for sliceCount in [1, 3] {
      let other = try run(yaml, axes, sliceCount: sliceCount, layout: .channelsLast)
      #expect(other.outputs == plain.outputs)
      #expect(other.inputGradients == plain.inputGradients)
    }
  }

  @Test("make random data in row-major order")
  func dummyData() throws {
    let dummy = try LayerCatalog.all.decoded(
      "{type: DummyData, shape: [16, 3, 5], data_filler: {type: gaussian, std: 2}}")
    let batch = [Shape([4])]
    #expect(dummy.layouts(batch, given: [], topCount: 2) == .plain(inputs: 1, outputs: 2))
    let stream = RandomStream(
      seed: LayerRun.noise.seed, purpose: .noise(layer: LayerRun.noise.layer)
    ).step(LayerRun.noise.step)
    for sliceCount in 1...3 {
      let run = LayerRun(
        layers: [dummy], inputs: [], parameters: [[]], outputGradients: [nil], needsGradients: [],
        sliceCount: sliceCount, exampleCount: 4)
      let output = try run.run(on: Workers(count: 2), withGradients: false).output
      #expect(output == (0..<960).map { Double(Float(2 * stream.normal(at: $0))) })
    }
  }

  /// Independent masks agree in half of their places.
  @Test("draw new numbers for every step, layer and seed")
  func independence() {
    func mask(seed: Int = 7, layer: String = "a", step: Int = 3) -> [Float] {
      guard let number = Storage<Int>(count: 1), let memory = FloatStorage(count: 4_000) else {
        preconditionFailure("no memory")
      }
      number[0] = step
      let source = NoiseSource(seed: seed, layer: layer, step: View(number))
      let mask = DropoutMask(source.stream, step: source.step, ratio: 0.5)
      withExtendedLifetime((number, memory)) {
        dropout(mask, of: nil, to: FloatView(memory), LogicalOrder(first: 0, count: 4_000)).run()
      }
      return memory.array
    }
    let first = mask()
    #expect(mask() == first)
    for other in [
      mask(seed: 8), mask(layer: "b"), mask(step: 4), mask(step: 0), mask(seed: 8, step: 4),
    ] {
      let agreeing = zip(first, other).count { $0 == $1 }
      #expect((1_840...2_160).contains(agreeing))
    }
  }

  @Test("drop the same weights for all examples, and never a bias")
  func weights() throws {
    let results = try run("{type: DropConnect, num_output: 9}", [4, 3])
    let rows = (0..<4).map { Array(results.output[$0 * 9..<($0 + 1) * 9]) }
    #expect(Set(rows).count == 1)
    let gradient = results.parameterGradients[0]
    #expect(gradient[0].contains(0) && gradient[0].contains { $0 != 0 })
    let sums: [Float] = (0..<9).map { column in
      var sum: Float = 0
      for row in 0..<4 { sum += Float((row * 9 + column) % 5) - 1.5 }
      return sum
    }
    #expect(gradient[1] == sums)
  }
}
