import DataFiles
import DataSources
import Files
import Layers
import ModelFiles
import Networks
import Oracles
import Plans
import RunOracles
import Runs
import Tensors
import Testing
import Threads
import Training

@Suite("The state that a layer carries from batch to batch") struct CarriedStateTests {
  private static func text(_ solver: String) -> String {
    spiralModel(
      train: "{source: spiral, points_per_class: 20, batch_size: 16, shuffle: false}",
      test: "{source: spiral, points_per_class: 7, batch_size: 5}",
      network: [
        "name: acc, type: TanH", "name: ip1, type: Linear, num_output: 3",
        "name: loss, type: SoftmaxWithLoss", "name: accuracy, type: Accuracy, phase: test",
      ], solver: "type: SGD, base_lr: 0.5, momentum: 0.9, weight_decay: 0.1, \(solver)")
  }

  /// Makes a trainer of the network, whose first layer is a ``LeakyAccumulator``.
  private static func trainer(_ solver: String) throws -> Trainer {
    var file = try prepared(text(solver)).file
    file.network[0].layer = LeakyAccumulator()
    let model = try PreparedModel(file)
    let (train, test, _) = try loadParts(
      train: file.data.train, test: file.data.test, directory: file.directory, seed: file.seed)
    return try Trainer(model, train: train, test: test, threads: 2)
  }

  private static func values(_ trainer: Trainer) -> [[UInt32]] {
    trainer.store.parameters.indices.map { trainer.store.rowMajor($0).map(\.bitPattern) }
  }

  private static func level(_ trainer: Trainer) throws -> [Float] {
    let index = try #require(trainer.store.parameters.firstIndex { $0.name == "acc.level" })
    return trainer.store.rowMajor(index)
  }

  /// Sixty rows of two values, in batches of 16, for two epochs.
  @Test("depends on all training batches, and not on the tests between them")
  func carried() throws {
    let trainer = try CarriedStateTests.trainer("max_epochs: 2, test_interval: 1")
    let rows = try trainer.trainingSource.dataset.inputs[0].storage.floats().array
    #expect(rows.count == 120)
    var expected: [Float] = [1, 1]
    #expect(try CarriedStateTests.level(trainer) == expected)
    for _ in 0..<2 {
      for start in stride(from: 0, to: 120, by: 32) {
        expected = LeakyAccumulator.next(expected, Array(rows[start..<min(start + 32, 120)]))
      }
    }
    #expect(trainer.run({ _ in true }) == .completed)
    #expect(try CarriedStateTests.level(trainer) == expected)
    let untested = try CarriedStateTests.trainer("max_epochs: 2, test_interval: 100")
    #expect(untested.run({ _ in true }) == .completed)
    #expect(CarriedStateTests.values(untested) == CarriedStateTests.values(trainer))
  }

  @Test("starts at its initial value in every batch of a test")
  func testing() throws {
    let trainer = try CarriedStateTests.trainer("max_epochs: 2")
    #expect(trainer.run({ _ in true }) == .completed)
    func scores() throws -> [Double] {
      try Evaluator(
        trainer.model, trainer.trainingSource.dataset, batchSize: 5, purpose: .testing,
        store: trainer.store, cache: ImplementationCache(), workers: Workers(count: 2)
      ).scores().values
    }
    let first = try scores()
    let index = try #require(trainer.store.parameters.firstIndex { $0.name == "acc.level" })
    trainer.store.set(index, rowMajor: [100, -100])
    #expect(try scores() == first)
    #expect(trainer.store.rowMajor(index) == [100, -100])
  }

  @Test("is in a checkpoint, so that a resumed training has the same bits")
  func resumed() throws {
    let whole = try CarriedStateTests.trainer("max_iter: 9")
    #expect(whole.run({ _ in true }) == .completed)
    let interrupted = try CarriedStateTests.trainer("max_iter: 9")
    #expect(interrupted.run({ $0.iteration < 5 }) == .interrupted)
    let bytes = interrupted.checkpoint(model: "", history: Checkpoint.HistoryLength())
      .file(of: interrupted).bytes
    let other = try CarriedStateTests.trainer("max_iter: 9")
    var history = other.history
    let isRead = history.append(csv: interrupted.history.csv[...])
    #expect(isRead)
    let checkpoint = try Checkpoint(
      try Safetensors(bytes, name: "checkpoint"), for: other, name: "checkpoint")
    try other.restore(checkpoint, history: history, name: "checkpoint")
    #expect(other.run({ _ in true }) == .completed)
    #expect(CarriedStateTests.values(other) == CarriedStateTests.values(whole))
  }

  @Test("is not a weight: neither counted, nor trained, nor saved with the weights")
  func roles() throws {
    let trainer = try CarriedStateTests.trainer("max_iter: 1")
    let graph = trainer.model.training
    #expect(graph.parameters.map(\.name) == ["acc.level", "ip1.weight", "ip1.bias"])
    #expect(graph.parameters.map(\.isTrainable) == [false, true, true])
    let table = ModelTable(graph)
    #expect((table.parameterCount, table.statisticCount) == (9, 0))
    #expect(graph.weight(of: graph.nodes[0]) == nil)
    #expect(
      WeightsFile.savedParameters(of: trainer.store).map(\.parameter.name)
        == ["ip1.weight", "ip1.bias"])
    #expect(graph.weight(of: graph.nodes[1]) == 1)
  }
}
