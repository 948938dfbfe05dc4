import Networks
import Oracles
import Plans
import Testing
import Threads

/// Runs ten whole training steps: forward, backward, update.
@Suite("A short training") struct TrajectoryTests {
  private struct Run: Equatable {
    var losses: [Double] = []
    var parameters: [[Float]] = []
  }

  private static func train(shards: Int, workers: Workers) throws -> Run {
    let document = try ReferenceFile("trajectory").document
    let inputs = try document.required("inputs").tensors()
    let training = try Training(
      layers: document.required("network").requiredItems(), solver: document.required("solver"),
      inputs: 2, batchSize: 20)
    let values = try document.required("parameters").parameters(layerCount: 4).joined()
    try #require(values.map(\.name) == ["weight", "bias", "weight", "bias"])
    for (index, value) in values.enumerated() {
      training.store.set(index, rowMajor: value.tensor.floats)
    }
    let source = try training.source(inputs[0].floats, labels: inputs[1].floats)
    let plan = try training.networkPlan(source, shards: shards)
    let update = try training.update()
    var run = Run()
    for iteration in 0..<10 {
      plan.plan.run(on: workers)
      run.losses.append(plan.loss)
      #expect(update.run(learningRate: training.learningRate(iteration), on: workers) == nil)
    }
    run.parameters = training.store.parameters.indices.map { training.store.rowMajor($0) }
    return run
  }

  @Test("has PyTorch's ten losses, and its parameters after them", arguments: [1, 2, 3, 20])
  func trajectory(shards: Int) throws {
    let document = try ReferenceFile("trajectory").document
    let run = try TrajectoryTests.train(shards: shards, workers: Workers(count: 1))
    let losses = try document.required("losses").tensor()
    #expect(losses.values.count == 10)
    #expect(losses.mismatch(run.losses, shape: losses.shape) == nil)
    let expected = try document.required("final_parameters").parameters(layerCount: 4).joined()
    try #require(expected.count == run.parameters.count)
    for (parameter, values) in zip(expected, run.parameters) {
      #expect(parameter.tensor.mismatch(values, shape: parameter.tensor.shape) == nil)
    }
  }

  @Test("has the same bits for any number of workers", arguments: [1, 2, 3, 20])
  func workers(shards: Int) throws {
    let expected = try TrajectoryTests.train(shards: shards, workers: Workers(count: 1))
    for count in [2, 3, 4, 7] {
      let run = try TrajectoryTests.train(shards: shards, workers: Workers(count: count))
      #expect(run.losses.map(\.bitPattern) == expected.losses.map(\.bitPattern))
      #expect(
        run.parameters.map { $0.map(\.bitPattern) }
          == expected.parameters.map { $0.map(\.bitPattern) })
    }
  }
}
