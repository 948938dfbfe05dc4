import Files
import Layers
import Oracles
import Tensors
import Testing
import Threads
import YAML

/// Parameter and DummyData, the layers without bottoms.
@Suite("Layers without bottoms") struct SourceLayerTests {
  @Test(
    "make a batch of the stated shape",
    arguments: [
      ShapeCase("{type: Parameter, shape: [3, 4]}", [[5]], gives: [[5, 3, 4]]),
      ShapeCase("{type: DummyData, shape: 3}", [[5]], gives: [[5, 3]]),
      ShapeCase(
        "{type: Parameter, shape: [2147483647, 2147483647, 9]}", [[5]],
        refuses: "5 examples of 2147483647x2147483647x9 are too many values to count"),
      ShapeCase(
        "{type: DummyData, shape: [2147483647, 2147483647, 9]}", [[5]],
        refuses: "5 examples of 2147483647x2147483647x9 are too many values to count"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
    #expect(try LayerCatalog.all.decoded(test.yaml).inputCount == 0...0)
  }

  @Test("refuse an invalid shape, and a filler that depends on the shape")
  func fields() {
    for (yaml, message) in [
      (
        "{type: Parameter, shape: []}",
        "shape: expected the shape of one example: a list of 1 to 8 sizes from 1, received an empty list"
      ),
      (
        "{type: DummyData, shape: 0}",
        "shape: expected an integer from 1 to 2147483647, received '0'"
      ),
      (
        "{type: DummyData, shape: 2, data_filler: xavier}",
        "layer DummyData: data_filler: expected constant, uniform or gaussian"
      ),
    ] {
      let diagnostics = #expect(throws: Diagnostics.self) { try LayerCatalog.all.decoded(yaml) }
      #expect(diagnostics?.all.map(\.message) == [message])
    }
  }

  private func draw(
    _ filler: String, tops: Int = 1, isTraining: Bool = true, sliceCount: Int = 1
  ) throws -> [[Double]] {
    let layer = try LayerCatalog.all.decoded("{type: DummyData, shape: 3, data_filler: \(filler)}")
    var run = LayerRun(
      layers: [layer], inputs: [], parameters: [[]],
      outputGradients: Array(repeating: nil, count: tops), needsGradients: [])
    (run.sliceCount, run.isTraining, run.exampleCount) = (sliceCount, isTraining, 4)
    return try run.run(on: Workers(count: 1)).outputs
  }

  @Test("draw new numbers for each step and top, for any slices")
  func random() throws {
    let tops = try draw("{type: uniform, min: 2, max: 3}", tops: 2)
    #expect(tops[0].count == 12 && Set(tops[0] + tops[1]).count == 24)
    #expect((tops[0] + tops[1]).allSatisfy { $0 >= 2 && $0 <= 3 })
    #expect(try draw("{type: uniform, min: 2, max: 3}", tops: 2, sliceCount: 3) == tops)
    let stream = RandomStream(
      seed: LayerRun.noise.seed, purpose: .noise(layer: LayerRun.noise.layer)
    ).step(LayerRun.noise.step)
    #expect(tops[0] == (0..<12).map { Double(Float(2 + stream.uniform(at: $0))) })
    let fixed = try draw("gaussian", isTraining: false)
    #expect(try draw("gaussian", isTraining: false, sliceCount: 2) == fixed)
    #expect(try draw("gaussian") != fixed)
  }
}
