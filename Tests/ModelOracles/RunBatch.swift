internal import DataFiles
internal import DataSources
internal import Kernels
internal import ModelFiles
package import Networks
internal import Oracles
internal import Plans
internal import Tensors
internal import Testing
internal import Threads

/// A network that has run over one batch of the test's examples.
package struct RunBatch {
  package let graph: Graph
  package let store: ParameterStore
  package let network: NetworkPlan

  /// - Parameters:
  ///   - layers: the network, one layer on each line.
  ///   - outputs: the number of values of a target. Nil makes targets class numbers.
  ///   - values: the parameters' values by name, in the order of files.
  package init(
    _ layers: [String], inputs: [[Float]], targets: [[Float]], outputs: Int?,
    values: [String: [Float]], purpose: NetworkPlan.Purpose = .training, shards: Int = 1
  ) throws {
    let data = try Dataset.of(inputs, targets: targets, outputs: outputs)
    let signature = signature(inputs: [inputs[0].count], outputs: outputs.map { [$0] })
    let text = ModelOracles.network(layers)
    let train = try ModelOracles.graph(text, signature: signature, batchSize: inputs.count)
    graph =
      purpose == .training
      ? train
      : try ModelOracles.graph(
        text, .test, signature: signature, batchSize: inputs.count, sharing: train)
    store = try ParameterStore(train.parameters, forTraining: true)
    for (index, parameter) in train.parameters.enumerated() {
      if let values = values[parameter.name] { store.set(index, rowMajor: values) }
    }
    let source = try BatchSource(data, batchSize: inputs.count, shuffles: false, seed: 0)
    source.begin(epoch: 0)
    network = try NetworkPlan(
      graph, purpose: purpose, store: store, source: source, shards: shards,
      cache: ImplementationCache())
    network.plan.run(on: Workers(count: 2))
  }

  /// Returns the gradient of a parameter. Nil for an unknown name.
  package func gradient(_ name: String) -> [Float]? {
    store.parameters.firstIndex { $0.name == name }.flatMap { store.rowMajorGradient($0) }
  }

  /// The network's prediction.
  package var prediction: [Float]? {
    network.prediction.map { slot in
      let view = network.plan.floats(slot)
      return (0..<view.count).map { view[$0] }
    }
  }
}
