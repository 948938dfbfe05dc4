import Kernels
import Oracles
import Plans
import Tensors
import Testing
import Threads

@Suite("Plans of convolutions") struct ConvolutionPlanTests {
  /// A convolution, the sum of it and another tensor, ReLU, and both gradients, for a batch of eight.
  private struct Recorded {
    let plan: TestPlan
    let forward: Slot
    let inputGradient: Slot
    let weightGradient: FloatView

    init(
      sliceCount: Int, inputs: Int = 64, outputs: Int = 128, extent: Int = 4,
      isConstant: Bool = false
    ) {
      var numbers = SeededNumbers(seed: 171)
      let axis = Window.Axis(
        input: extent, output: extent, kernel: 3, stride: 1, dilation: 1, padding: 1)
      @Sendable func shape(
        _ direction: ConvolutionShape.Direction, _ examples: Int
      ) -> ConvolutionShape {
        ConvolutionShape(
          direction, examples: examples, inputChannels: inputs, outputChannels: outputs, groups: 1,
          window: Window([axis, axis]))
      }
      plan = TestPlan(batchSize: 8, sliceCount: sliceCount, hasConstantParameters: isConstant)
      let (x, y) = (Shape([8, inputs, extent, extent]), Shape([8, outputs, extent, extent]))
      let weights = Shape([outputs, inputs, 3, 3])
      let input = plan.input("x", x, numbers.floats(x.count))
      let addend = plan.input("z", y, numbers.floats(y.count))
      let outputGradient = plan.input("∂y", y, numbers.floats(y.count))
      let weight = plan.external("w", weights, numbers.floats(weights.count)).slot
      let gradient = plan.external("∂w", weights, numbers.floats(weights.count))
      let made = plan.builder.batchSlot("made", y)
      let sum = plan.builder.batchSlot("sum", y)
      forward = plan.builder.batchSlot("y", y)
      inputGradient = plan.builder.batchSlot("∂x", x)
      weightGradient = gradient.view
      plan.builder.convolution("convolution", reads: [input, weight], to: made) {
        shape(.forward, $0)
      }
      plan.builder.elementSum([addend, made], to: sum)
      plan.builder.nonlinearity(.relu(slope: 0), from: sum, to: forward)
      plan.builder.convolution("to input", reads: [outputGradient, weight], to: inputGradient) {
        shape(.backwardData, $0)
      }
      plan.builder.convolutionGradient(input, outputGradient, to: gradient.slot) {
        shape(.backwardWeights, $0)
      }
      for slot in [forward, inputGradient] { plan.builder.keep(slot) }
    }

    /// The scopes of the three convolutions.
    var scopes: [Operation.Scope] {
      plan.builder.arrangedOperations().filter {
        $0.name.hasPrefix("convolution") || $0.name == "to input"
      }.map(\.scope)
    }

    /// The results after a run.
    func results(threads: Int) throws -> [[Float]] {
      try plan.compile()
      plan.run(on: Workers(count: threads), times: 2)
      return [forward, inputGradient].map(plan.values) + [weightGradient.values]
    }
  }

  @Test("have joint steps for filters much larger than the images of a slice")
  func scopes() {
    // 73,728 weights, and 2 · 3,072 elements of images.
    #expect(
      Recorded(sliceCount: 4).scopes
        == [.joint(tiles: 4), .joint(tiles: 2), .joint(tiles: 4)])
    #expect(Recorded(sliceCount: 1).scopes == [.slice, .slice, .slice])
    // 4,608 weights, and 2 · 48 · 256 elements.
    #expect(
      Recorded(sliceCount: 4, inputs: 16, outputs: 32, extent: 16).scopes
        == [.slice, .slice, .slice])
    // 640 channels are ten tiles, and 32 channels are too few to share.
    #expect(
      Recorded(sliceCount: 8, inputs: 32, outputs: 640, extent: 2).scopes
        == [.joint(tiles: 10), .slice, .joint(tiles: 10)])
  }

  @Test(
    "give the bits of one slice when tiles share the whole batch", arguments: [2, 3, 8],
    [false, true])
  func bits(sliceCount: Int, isConstant: Bool) throws {
    let whole = try Recorded(sliceCount: 1, isConstant: isConstant).results(threads: 1)
    for threads in [1, 2] {
      let shared = try Recorded(sliceCount: sliceCount, isConstant: isConstant)
        .results(threads: threads)
      for (values, expected) in zip(shared, whole) { #expect(haveSameBits(values, expected)) }
    }
  }

  @Test("announce their memory exactly", arguments: [1, 4])
  func memory(sliceCount: Int) throws {
    let recorded = Recorded(sliceCount: sliceCount)
    let estimate = Plan.estimatedMemory(recorded.plan.builder)
    #expect(try recorded.plan.compile().placement.bytes == estimate.arena)
    // Tiles pack the filters in their scratch memory.
    #expect((estimate.packedWeights == 0) == (sliceCount > 1))
  }
}
