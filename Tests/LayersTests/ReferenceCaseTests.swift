import Fields
import Kernels
import Layers
import Oracles
import Tensors
import Testing
import Threads
import YAML

extension ReferenceCase: CustomTestStringConvertible {
  public var testDescription: String {
    "\(layers.compactMap { $0["type"]?.scalar?.text }.joined(separator: ", ")): \(name)"
  }
}

extension ReferenceCase {
  /// Returns the case for a run in `sliceCount` slices.
  func run(sliceCount: Int, layout: TensorLayout = .plain) throws -> LayerRun {
    LayerRun(
      layers: try layers.map { try LayerCatalog.all.decoded($0) },
      inputs: inputs.map { Tensor($0) },
      parameters: parameters.map { $0.map { Tensor($0.tensor) } },
      outputGradients: outputs.indices.map {
        outputGradients.indices.contains($0) ? outputGradients[$0]?.floats : nil
      },
      needsGradients: inputs.indices.map {
        inputGradients.indices.contains($0) && inputGradients[$0] != nil
      }, sliceCount: sliceCount, isTraining: isTraining, layout: layout, exampleCount: batchSize)
  }

  /// The layouts other than row-major in which the first layer can read its first input.
  func layouts() throws -> [TensorLayout] {
    let layer = try LayerCatalog.all.decoded(layers[0])
    let shapes = inputShapes
    return [TensorLayout.channelsLast].filter { layout in
      guard shapes[0].rank >= 3 else { return false }
      let given = shapes.map { $0.rank >= 3 ? layout : .plain }
      return layer.layouts(shapes, given: given, topCount: outputs.count).inputs[0] == layout
    }
  }

  /// Returns the first difference from PyTorch. Nil if there is none.
  func mismatch(_ results: LayerRun.Results, _ layers: [any Layer]) -> String? {
    guard results.outputs.count == outputs.count else { return "\(results.outputs.count) outputs" }
    for (index, expected) in outputs.enumerated() {
      let (values, shape) = (results.outputs[index], results.outputShapes[index])
      if let found = expected.mismatch(values, shape: shape) { return "output \(index): \(found)" }
    }
    for (index, expected) in statistics.enumerated() {
      guard results.statistics[0].indices.contains(index) else { return "no statistic \(index)" }
      if let found = expected.tensor.mismatch(
        results.statistics[0][index], shape: expected.tensor.shape)
      {
        return "\(expected.name) after the step: \(found)"
      }
    }
    for (index, expected) in inputGradients.enumerated() {
      guard results.inputGradients.count == inputGradients.count else {
        return "\(results.inputGradients.count) input gradients"
      }
      guard let expected else { continue }
      guard let values = results.inputGradients[index] else { return "no input gradient \(index)" }
      if let found = expected.mismatch(values, shape: inputs[index].shape) {
        return "input gradient \(index): \(found)"
      }
    }
    for (index, expected) in parameterGradients.enumerated() where !expected.isEmpty {
      guard results.parameterGradients[index].count == expected.count else {
        return "\(results.parameterGradients[index].count) parameter gradients"
      }
      for (parameter, values) in zip(expected, results.parameterGradients[index]) {
        if let found = parameter.tensor.mismatch(values, shape: parameter.tensor.shape) {
          return "gradient of \(parameter.name): \(found)"
        }
      }
    }
    return nil
  }
}

@Suite("Layers against PyTorch in double precision") struct ReferenceCaseTests {
  static func cases() throws -> [ReferenceCase] {
    try LayerCatalog.all.names.flatMap { try ReferenceFile($0).layerCases() }
      + ReferenceFile("Fused").networkCases()
  }

  @Test("agree forward and backward, for any slices and workers", arguments: try cases())
  func agreement(test: ReferenceCase) throws {
    let workers = [1, 2, 3, 4, 7].map { Workers(count: $0) }
    let batchSize = test.batchSize
    let variants =
      try (1...min(3, batchSize)).map { ($0, TensorLayout.plain) } + test.layouts().map { (2, $0) }
    for (sliceCount, layout) in variants where sliceCount <= batchSize {
      let run = try test.run(sliceCount: sliceCount, layout: layout)
      let results = try run.run(on: workers[0])
      #expect(test.mismatch(results, run.layers) == nil, "\(sliceCount) slices, \(layout.rawValue)")
      for workers in workers.dropFirst() {
        #expect(try run.run(on: workers).hasSameBits(as: results), "\(workers.count) workers")
      }
      let forward = try run.run(on: workers[0], withGradients: false)
      #expect(
        forward.outputs.map { $0.map(\.bitPattern) } == results.outputs.map { $0.map(\.bitPattern) }
      )
    }
  }
}

extension LayerRun.Results {
  /// True for equal bits: zeros have the same sign, and a NaN equals itself.
  func hasSameBits(as other: LayerRun.Results) -> Bool {
    outputs.map { $0.map(\.bitPattern) } == other.outputs.map { $0.map(\.bitPattern) }
      && statistics.map { $0.map { $0.map(\.bitPattern) } }
        == other.statistics.map { $0.map { $0.map(\.bitPattern) } }
      && inputGradients.map { $0?.map(\.bitPattern) }
        == other.inputGradients.map { $0?.map(\.bitPattern) }
      && parameterGradients.map { $0.map { $0.map(\.bitPattern) } }
        == other.parameterGradients.map { $0.map { $0.map(\.bitPattern) } }
  }
}
