import DataFiles
import DataSources
import Kernels
import Networks
import Tensors
import Testing
import YAML

/// Batches that are loaded ahead.
@Suite struct BatchQueueTests {
  private static let transforms =
    "[{type: gaussian_noise, std: 1}, {type: scale, factor: 2}, {type: standardize}]"

  /// Ten examples of two values, with transforms.
  private func dataset(_ transforms: String = transforms) throws -> Dataset {
    var diagnostics = Diagnostics()
    let text =
      "{train: {source: blobs, points_per_class: 5, class_count: 2, transforms: \(transforms)}}"
    let node = try Node.parse(Array(text.utf8), name: "model.yaml")
    let parts = try #require(DataParts.decode(node, &diagnostics))
    return try loadParts(train: parts.train, test: nil, directory: ".", seed: 1).train
  }

  /// Returns the inputs of the batches of some places, as a plan gathers them.
  private func batches(
    _ data: Dataset, _ places: [(epoch: Int, batch: Int)], isTraining: Bool = true, loaders: Int
  ) throws -> [[Float]] {
    let source = try BatchSource(
      data, batchSize: 4, shuffles: true, seed: 1, isTraining: isTraining, loaders: loaders)
    let result = try #require(FloatStorage(count: 8))
    let kernel = source.gather(DataTop.data, examples: 0..<4, to: FloatView(result))
    var epoch = -1
    return try places.map { place in
      if place.epoch != epoch { source.begin(epoch: place.epoch) }
      epoch = place.epoch
      try source.select(batch: place.batch)
      kernel.run()
      return Array(result.array.prefix(place.batch == 2 ? 4 : 8))
    }
  }

  /// Three epochs of three batches. The last batch of an epoch is short.
  private let places = (0..<9).map { (epoch: $0 / 3, batch: $0 % 3) }

  @Test(arguments: [1, 2, 5]) func loadersChangeNoBit(loaders: Int) throws {
    let data = try dataset()
    let expected = try batches(data, places, loaders: 0)
    #expect(try batches(data, places, loaders: loaders) == expected)
    #expect(Set(expected).count == 9)
  }

  @Test(arguments: [0, 1, 3]) func everyBatchCanComeFirst(loaders: Int) throws {
    let data = try dataset()
    let expected = try batches(data, places, loaders: 0)
    let jumps = [(2, 1), (0, 0), (0, 2), (0, 2), (1, 0), (0, 1)]
    let received = try batches(data, jumps.map { (epoch: $0.0, batch: $0.1) }, loaders: loaders)
    #expect(received == jumps.map { expected[3 * $0.0 + $0.1] })
  }

  @Test func testsRepeatTheFirstEpoch() throws {
    let data = try dataset()
    let places = (0..<9).map { (epoch: 0, batch: $0 % 3) }
    let received = try batches(data, places, isTraining: false, loaders: 2)
    #expect(Array(received[0..<3]) == Array(received[3..<6]))
    #expect(Array(received[0..<3]) == Array(received[6..<9]))
  }

  @Test func batchesAreMixed() throws {
    let data = try dataset("[one_hot, {type: mixup, alpha: 1}]")
    let source = try BatchSource(data, batchSize: 4, shuffles: true, seed: 1, isTraining: true)
    let result = try #require(FloatStorage(count: 8))
    let kernel = source.gather(DataTop.label, examples: 0..<4, to: FloatView(result))
    var isMixed = false
    source.begin(epoch: 0)
    for batch in 0..<2 {
      try source.select(batch: batch)
      kernel.run()
      for example in 0..<4 {
        #expect(abs(result[2 * example] + result[2 * example + 1] - 1) < 1e-6)
        isMixed = isMixed || (0.01...0.99).contains(result[2 * example])
      }
    }
    #expect(isMixed)
  }

  /// Reads example n as the number n, and fails for one of them.
  private struct Numbers: ExampleReader {
    let count = 12
    let broken: Int

    func name(of index: Int) -> String { "example \(index)" }
    var hasOneShape: Bool { true }
    var isExact: Bool { true }
    func makeCursor() -> any ExampleCursor { Cursor(broken: broken) }

    final class Cursor: ExampleCursor {
      let broken: Int

      init(broken: Int) { self.broken = broken }

      func checksum(of index: Int) -> UInt64 { UInt64(index) }

      func readNumbers(_ index: Int, into numbers: inout [Double]) { numbers = [Double(index)] }

      func read(
        _ index: Int, _ fit: ImageFit?, into values: inout ExampleValues
      ) throws(DataFailure) {
        guard index != broken else { throw .content("example \(index) is broken") }
        values.reshape(channels: 1, height: 1, width: 1)
        values.withMutableValues { $0[0] = Float(index) }
      }
    }
  }

  @Test(arguments: [0, 1, 4]) func failureComesWithItsBatch(loaders: Int) throws {
    let top = DataTop(DataTop.data, shape: Shape([1]))
    let examples = ExampleSelection(Numbers(broken: 9), width: 1)
    let data = Dataset(count: 12, [ExampleTensor(top, .onDemand(examples))])
    let source = try BatchSource(
      data, batchSize: 4, shuffles: false, seed: 1, isTraining: true, loaders: loaders)
    source.begin(epoch: 0)
    try source.select(batch: 0)
    try source.select(batch: 1)
    let failure = #expect(throws: DataFailure.self) { try source.select(batch: 2) }
    #expect(failure == .content("example 9 is broken"))
    // Another batch can still be read.
    try source.select(batch: 0)
  }
}
