import Kernels
import Layers
import Oracles
import Plans
import Tensors
import Testing
import Threads
import YAML

@Suite("Layers of images") struct ImageLayerTests {
  /// Returns the reason why a shape does not fit. Nil if it fits.
  private static func refusal(_ yaml: String, _ axes: [Int]) throws -> String? {
    let layer = try LayerCatalog.all.decoded(yaml)
    do throws(ShapeFailure) {
      _ = try layer.outputShapes([Shape(axes)])
      return nil
    } catch {
      return error.message
    }
  }

  @Test(
    "name the extents of a shape that they refuse",
    arguments: [
      (
        "{type: Convolution, num_output: 4, kernel_size: 5}", [2, 3, 4, 8],
        "kernel_size 5 is larger than the padded input (4 + 2·0 elements)"
      ),
      (
        "{type: Convolution, num_output: 4, kernel_size: 3, dilation: 4, pad: 1}", [2, 3, 6, 6],
        "kernel_size 3 with dilation 4 (9 elements) is larger than the padded input (6 + 2·1 elements)"
      ),
      (
        "{type: Convolution, num_output: 4, kernel_size: 3, group: 2}", [2, 3, 6, 6],
        "group 2 does not divide 3 input and 4 output channels"
      ),
      (
        "{type: Convolution, num_output: 4, kernel_size: 3}", [2, 12],
        "expected [N, C, …] with 1 to 3 spatial axes after the channels"
      ),
      (
        "{type: Convolution, num_output: 4, kernel_size: [3, 3, 3]}", [2, 3, 6, 6],
        "kernel_size: expected 1 or 2 numbers, one for each spatial axis, received [3, 3, 3]"
      ),
      (
        "{type: Convolution, num_output: 4, kernel_size: 3, stride: [1, 2, 3]}", [2, 3, 6, 6],
        "stride: expected 1 or 2 numbers, one for each spatial axis, received [1, 2, 3]"
      ),
      (
        "{type: Convolution, num_output: 16777216, kernel_size: 1}", [2, 3, 600, 600],
        "expected at most 2147483647 values in an example of the bottom and of the top"
      ),
      (
        "{type: Deconvolution, num_output: 4, kernel_size: 2, pad: 3}", [2, 3, 4, 4],
        "kernel_size 2, stride 1, pad 3 and dilation 1 give an extent of -1 for 4 elements: expected 1 to 16777216"
      ),
      (
        "{type: Deconvolution, num_output: 5, kernel_size: 2, group: 3}", [2, 3, 4, 4],
        "group 3 does not divide 3 input and 5 output channels"
      ),
      (
        "{type: Pooling, kernel_size: 3}", [2, 3, 2, 5],
        "kernel_size 3 is larger than the padded input (2 + 2·0 elements)"
      ),
      (
        "{type: Pooling, kernel_size: 50000, pad: 49999, stride: 40000}", [1, 1, 4, 4],
        "a window of 2500000000 elements: expected at most 16777216"
      ),
      ("BatchNorm", [5], "expected [N, C, …] with at least one value in each example"),
      ("BatchNorm", [5, 0, 3], "expected [N, C, …] with at least one value in each example"),
    ])
  func refusals(yaml: String, axes: [Int], message: String) throws {
    #expect(try ImageLayerTests.refusal(yaml, axes) == message)
  }

  @Test(
    "keep the running statistics in testing", arguments: ["pytorch", "caffe"],
    ["auto", "true", "false"])
  func testing(form: String, statistics: String) throws {
    let layer = try LayerCatalog.all.decoded(
      "{type: BatchNorm, affine: false, form: \(form), use_global_stats: \(statistics)}")
    let kept: [[Float]] = [[1, -2], [3, 0.5]] + (form == "caffe" ? [[2]] : [])
    let run = LayerRun(
      layers: [layer], inputs: [Tensor([3, 2], [1, 2, 3, 5, 8, 13])],
      parameters: [kept.map { Tensor([$0.count], $0) }], outputGradients: [nil],
      needsGradients: [false], isTraining: false)
    let results = try run.run(on: Workers(count: 1), withGradients: false)
    #expect(results.statistics == [kept])
    // If the statistics of the batch normalize it, its mean is 0.
    let isBatch = abs(results.output[0] + results.output[2] + results.output[4]) < 1e-5
    #expect(isBatch == (statistics == "false"))
  }

  @Test(
    "have the same bits if the backward direction computes a normalization again",
    arguments: [1, 3])
  func recomputation(sliceCount: Int) throws {
    let texts = [
      "{type: Convolution, num_output: 16, kernel_size: 3}", "BatchNorm", "ReLU",
      "{type: Convolution, num_output: 16, kernel_size: 3}", "BatchNorm", "ReLU",
    ]
    let layers = try texts.map { try LayerCatalog.all.decoded($0) }
    var numbers = SeededNumbers(seed: 9)
    let input = Tensor([3, 16, 8, 8], numbers.floats(3 * 16 * 64))
    var shapes = [input.shape]
    var parameters: [[Tensor]] = []
    for layer in layers {
      parameters.append(
        layer.parameters(shapes).map { declaration in
          let values = numbers.floats(declaration.shape.count)
          // Variances are positive.
          return Tensor(declaration.shape.axes, values.map(abs))
        })
      shapes = try layer.outputShapes(shapes)
    }
    var run = LayerRun(
      layers: layers, inputs: [input], parameters: parameters,
      outputGradients: [numbers.floats(shapes[0].count)], needsGradients: [true],
      sliceCount: sliceCount)
    let kept = try run.run(on: Workers(count: 1))
    run.keptLimit = 0
    #expect(try run.run(on: Workers(count: 1)) == kept)
  }

  @Test(
    "count windows as Caffe and PyTorch do",
    arguments: [
      ("kernel_size: 2", 5, 2), ("kernel_size: 2, round_mode: ceil", 5, 3),
      ("kernel_size: 3, stride: 2, round_mode: ceil", 6, 3),
      ("kernel_size: 3, stride: 2", 6, 2),
      // The fourth window would start beyond the image and its padding.
      ("kernel_size: 2, stride: 2, pad: 1, round_mode: ceil", 5, 3),
      ("kernel_size: 1, stride: 3, round_mode: ceil", 7, 3),
      ("kernel_size: 1, stride: 4, round_mode: ceil", 4, 1), ("global_pooling: true", 7, 1),
    ])
  func windows(fields: String, input: Int, expected: Int) throws {
    let layer = try LayerCatalog.all.decoded("{type: Pooling, \(fields)}")
    #expect(try layer.outputShapes([Shape([2, 3, input])]) == [Shape([2, 3, expected])])
  }

  @Test(
    "compare the padding of a pooling with the window along the same axis",
    arguments: [
      ("kernel_size: [5, 2], pad: [2, 0]", nil), ("kernel_size: [5, 2], pad: [4, 1]", nil),
      ("kernel_size: [5, 2], pad: 1", nil),
      ("kernel_size: [5, 2], pad: 2", "layer Pooling: pad 2 is not less than kernel_size 2"),
      ("kernel_size: 3, pad: [0, 3]", "layer Pooling: pad 3 is not less than kernel_size 3"),
      ("global_pooling: true, stride: 1, pad: 0", nil),
      (
        "global_pooling: true, stride: 2",
        "layer Pooling: global_pooling excludes kernel_size, stride and pad"
      ),
    ])
  func poolingPads(fields: String, message: String?) {
    var received: String?
    do throws(Diagnostics) {
      _ = try LayerCatalog.all.decoded("{type: Pooling, \(fields)}")
    } catch {
      received = error.all.map(\.message).joined(separator: "; ")
    }
    #expect(received == message)
  }

  @Test("report the places of maxima in a second top of a pooling", arguments: [1, 2])
  func mask(sliceCount: Int) throws {
    let image: [Float] = [1, 2, 9, 3, 8, 4, 4, 0, 0, 5, 0, 7]
    let run = LayerRun(
      layers: [try LayerCatalog.all.decoded("{type: Pooling, kernel_size: 2, round_mode: ceil}")],
      inputs: [Tensor([2, 1, 3, 4], image + image.map { -$0 })], parameters: [[]],
      outputGradients: [[1, 2, 3, 4, 5, 6, 7, 8], nil], needsGradients: [true],
      sliceCount: sliceCount)
    let results = try run.run(on: Workers(count: 1))
    #expect(results.outputShapes == [Shape([2, 1, 2, 2]), Shape([2, 1, 2, 2])])
    #expect(
      results.outputs == [[8, 9, 5, 7, -1, 0, 0, 0], [4, 2, 9, 11, 0, 7, 8, 10]])
    #expect(
      results.inputGradients == [
        [0, 0, 2, 0, 1, 0, 0, 0, 0, 3, 0, 4] + [5, 0, 0, 0, 0, 0, 0, 6, 7, 0, 8, 0]
      ])
  }

  @Test("pass no gradient through the places of maxima")
  func maskGradient() throws {
    let run = LayerRun(
      layers: [try LayerCatalog.all.decoded("{type: Pooling, kernel_size: 2}")],
      inputs: [Tensor([1, 1, 4], [1, 2, 9, 3])], parameters: [[]],
      outputGradients: [nil, [1, 2]], needsGradients: [true])
    let results = try run.run(on: Workers(count: 1))
    #expect(results.outputs == [[2, 9], [1, 2]] && results.inputGradients == [[0, 0, 0, 0]])
  }

  @Test("pass windows of one element unchanged, in both directions", arguments: [1, 2])
  func singleElements(topCount: Int) throws {
    let run = LayerRun(
      layers: [try LayerCatalog.all.decoded("{type: Pooling, kernel_size: 1, stride: 2}")],
      inputs: [Tensor([1, 1, 5], [1, -2, .infinity, 3, -0.5])], parameters: [[]],
      outputGradients: [[1, 2, 3], nil].dropLast(2 - topCount), needsGradients: [true])
    let results = try run.run(on: Workers(count: 1))
    #expect(results.outputs == [[1, .infinity, -0.5], [0, 2, 4]].dropLast(2 - topCount))
    #expect(results.inputGradients == [[1, 0, 2, 0, 3]])
  }

  @Test("refuse a second top of an average pooling")
  func maskOfMeans() throws {
    let layer = try LayerCatalog.all.decoded("{type: Pooling, pool: average, kernel_size: 2}")
    let failure = try #require(throws: ShapeFailure.self) {
      try layer.outputShapes([Shape([1, 1, 4])], topCount: 2)
    }
    #expect(failure.message == "a second top holds the places of maxima: expected pool: max")
  }

  @Test("read and write images with channels last")
  func layouts() throws {
    let last = LayerLayouts(inputs: [.channelsLast], outputs: [.channelsLast])
    let convolution = try LayerCatalog.all.decoded(
      "{type: Convolution, num_output: 32, kernel_size: 3}")
    let image = Shape([2, 3, 8, 8])
    let deconvolution = try LayerCatalog.all.decoded(
      "{type: Deconvolution, num_output: 3, kernel_size: 4, stride: 2}")
    let features = Shape([2, 32, 8, 8])
    for given in [TensorLayout.plain, .channelsLast] {
      #expect(convolution.layouts([image], given: [given], topCount: 1) == last)
      #expect(deconvolution.layouts([features], given: [given], topCount: 1) == last)
    }
  }
}
