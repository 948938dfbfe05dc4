import DataFiles
import DataSources
import Expressions
import Networks
import Oracles
import RunOracles
import Runs
import Tensors
import Testing
import Training

@Suite("Statistics of averaged weights") struct StatisticsMeasurementTests {
  /// Sixty points in batches of 16, so that the last batch of an epoch is short.
  private static func model(_ norm: String, _ solver: String) -> String {
    spiralModel(
      train: "{source: spiral, points_per_class: 20, batch_size: 16, shuffle: true}",
      test: "{source: spiral, points_per_class: 10, batch_size: 16}",
      network: [
        "name: ip1, type: Linear, num_output: 4, bias_filler: {type: constant, value: 0.5}",
        "name: bn, type: BatchNorm\(norm)", "name: relu1, type: ReLU",
        "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
        "name: accuracy, type: Accuracy, phase: test",
      ], solver: "base_lr: 0.5, max_iter: 19, test_interval: 7, \(solver)")
  }

  /// Returns the values of a parameter, by name.
  private static func values(_ name: String, _ all: [[Float]], of trainer: Trainer) throws
    -> [Float]
  {
    let index = try #require(trainer.store.parameters.firstIndex { $0.name == name })
    return all[index]
  }

  /// Returns the outputs of `ip1` for the examples of the first epoch, by batch and unit.
  private static func batches(_ all: [[Float]], of trainer: Trainer) throws -> [[[Double]]] {
    let (weight, bias) = (
      try values("ip1.weight", all, of: trainer), try values("ip1.bias", all, of: trainer)
    )
    let source = trainer.trainingSource
    let order = source.epochOrder
    var places = [Int32](repeating: 0, count: order.count)
    var span = places.mutableSpan
    order.write(epoch: 0, into: &span)
    let inputs = try source.dataset.inputs[0].storage.floats().array.map(Double.init)
    return (0..<bias.count).map { unit in
      (0..<order.batchCount).map { batch in
        order.batch(batch).map { place in
          let example = Int(places[place])
          return Double(bias[unit]) + Double(weight[2 * unit]) * inputs[2 * example]
            + Double(weight[2 * unit + 1]) * inputs[2 * example + 1]
        }
      }
    }
  }

  /// Compares the statistics with those of the weights beside them.
  private static func expectStatistics(_ all: [[Float]], of trainer: Trainer) throws {
    let (means, variances) = (
      try values("bn.running_mean", all, of: trainer),
      try values("bn.running_var", all, of: trainer)
    )
    for (unit, batches) in try batches(all, of: trainer).enumerated() {
      let count = Double(batches.reduce(0) { $0 + $1.count })
      let mean = batches.flatMap { $0 }.reduce(0, +) / count
      var variance = 0.0
      for batch in batches {
        let (size, middle) = (Double(batch.count), batch.reduce(0, +) / Double(batch.count))
        let squares = batch.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
        variance += squares / (size - 1) * size / count
      }
      #expect(abs(Double(means[unit]) - mean) < 1e-5 * max(1, abs(mean)))
      #expect(abs(Double(variances[unit]) - variance) < 1e-5 * max(1, variance))
    }
  }

  private static func statistics(of trainer: Trainer) -> [[Float]] {
    trainer.store.parameters.indices.map { trainer.store.rowMajor($0) }
  }

  @Test(
    "match the weights with which they are saved, the best ones too",
    arguments: ["", ", form: caffe", ", affine: false"],
    ["ema: 0.9", "ema: 0.9, shards: 3", "ema: 0.5, iter_size: 2"])
  func measured(norm: String, solver: String) throws {
    let trainer = try trainer(StatisticsMeasurementTests.model(norm, solver))
    #expect(trainer.run { _ in true } == .completed)
    try StatisticsMeasurementTests.expectStatistics(
      StatisticsMeasurementTests.statistics(of: trainer), of: trainer)
    try #require(!trainer.best.isEmpty)
    try StatisticsMeasurementTests.expectStatistics(trainer.best, of: trainer)
  }

  @Test("leave the statistics of the training unchanged", arguments: ["", ", form: caffe"])
  func training(norm: String) throws {
    let averaged = try trainer(StatisticsMeasurementTests.model(norm, "ema: 0.9"))
    let plain = try trainer(StatisticsMeasurementTests.model(norm, "momentum: 0"))
    // Both trainers have run a test before.
    for trainer in [averaged, plain] {
      #expect(trainer.run { $0.iteration < 9 } == .interrupted)
    }
    #expect(averaged.history.tests.count == 1)
    #expect(
      StatisticsMeasurementTests.statistics(of: averaged)
        == StatisticsMeasurementTests.statistics(of: plain))
  }

  @Test("are abandoned if a signal stops the measurement, and measured after resuming")
  func stopped() throws {
    let text = StatisticsMeasurementTests.model("", "ema: 0.9")
    let (undisturbed, other) = (try trainer(text), try trainer(text))
    #expect(undisturbed.run { _ in true } == .completed)
    for batches in 0..<6 {
      var asked = 0
      let isStopped = {
        asked += 1
        return asked > batches
      }
      #expect(other.run(isStopped: isStopped) { _ in true } == .interrupted)
      #expect(other.history.tests.isEmpty && other.best.isEmpty)
    }
    let plain = try trainer(StatisticsMeasurementTests.model("", "momentum: 0"))
    #expect(plain.run { $0.iteration < 7 } == .interrupted)
    #expect(
      StatisticsMeasurementTests.statistics(of: other)
        == StatisticsMeasurementTests.statistics(of: plain))
    #expect(other.run { _ in true } == .completed)
    #expect(
      StatisticsMeasurementTests.statistics(of: other)
        == StatisticsMeasurementTests.statistics(of: undisturbed))
    #expect(other.best == undisturbed.best)
  }

  @Test("remain unchanged if a layer never uses the statistics of a batch")
  func globalStatistics() throws {
    let trainer = try trainer(
      StatisticsMeasurementTests.model(", use_global_stats: true", "ema: 0.9"))
    #expect(trainer.run { _ in true } == .completed)
    let all = StatisticsMeasurementTests.statistics(of: trainer)
    #expect(
      try StatisticsMeasurementTests.values("bn.running_mean", all, of: trainer) == [0, 0, 0, 0])
    #expect(
      try StatisticsMeasurementTests.values("bn.running_var", all, of: trainer) == [1, 1, 1, 1])
  }

  @Test("give a saved run the scores of the training")
  func saved() throws {
    let folder = try TemporaryFolder()
    let summary = try run(StatisticsMeasurementTests.model("", "ema: 0.9"), in: folder)
    var options = RunOptions()
    options.threads = 1
    let again = try SavedRun(path: folder.file("run"), options: options).test().metrics
    #expect(again.count == 2)
    for metric in again { #expect(summary.value(of: metric.name) == metric.value) }
  }

  @Test("need memory that is part of the estimate")
  func memory() throws {
    func activations(_ norm: String, _ solver: String) throws -> Double {
      try prepared(StatisticsMeasurementTests.model(norm, solver))
        .memoryEstimate(dataBytes: nil).activations
    }
    #expect(try activations("", "ema: 0.9") > activations("", "momentum: 0"))
    let global = ", use_global_stats: true"
    #expect(try activations(global, "ema: 0.9") == activations(global, "momentum: 0"))
  }
}
