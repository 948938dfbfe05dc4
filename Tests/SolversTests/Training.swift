import DataFiles
import DataSources
import Fields
import ModelFiles
import Networks
import Oracles
import Plans
import Solvers
import Tensors
import Testing
import YAML

/// A model for tests: data, layers and solver in the form of a model file.
struct Training {
  let model: ModelFile
  let graph: Graph
  let store: ParameterStore

  /// - Parameters:
  ///   - layers: the network's mappings without names. The first layer reads the data.
  ///   - solver: the solver's mapping without its length.
  ///   - inputs: the number of values of an example.
  init(layers: [Node], solver: Node, inputs: Int, batchSize: Int) throws {
    let named = layers.enumerated().map { $1.with("name", .text("layer\($0)")) }
    let data = try Node.parse(
      Array("{train: {source: spiral, batch_size: \(batchSize)}}".utf8), name: "test.yaml")
    let document = Node.mapping([
      ("data", data), ("network", .sequence(named)),
      ("solver", solver.with("max_iter", .plain("9"))),
    ])
    model = try ModelFile.read(document, path: "test.yaml")
    let signature = DataSignature(
      [DataTop(DataTop.data, shape: Shape([inputs])), DataTop(classes: nil)], exampleCount: nil)
    var diagnostics = Diagnostics()
    let graph = Graph(
      model, phase: .train, signature: signature, batchSize: batchSize, &diagnostics)
    guard let graph, !diagnostics.hasErrors else { throw diagnostics }
    self.graph = graph
    store = try ParameterStore(graph.parameters, forTraining: true)
  }

  func learningRate(_ iteration: Int) -> Double {
    model.solver.policy.value.rate(
      base: model.solver.baseRate, iteration: iteration, of: TrainingLength(iterations: 9))
  }

  func update() throws -> UpdatePlan {
    try UpdatePlan(store, model.solver, cache: ImplementationCache())
  }

  /// - Parameter labels: class indices, one for each example.
  func source(_ inputs: [Float], labels: [Float], shuffles: Bool = false) throws -> BatchSource {
    let data = Dataset(
      count: labels.count,
      try zip(graph.dataTops, [inputs, labels]).map {
        ExampleTensor($0, .floats(try Training.storage($1)))
      })
    let source = try BatchSource(
      data, batchSize: graph.batchSize, shuffles: shuffles, seed: model.seed)
    source.begin(epoch: 0)
    try source.select(batch: 0)
    return source
  }

  func networkPlan(_ source: BatchSource, shards: Int) throws -> NetworkPlan {
    try NetworkPlan(
      graph, purpose: .training, store: store, source: source, shards: shards,
      cache: ImplementationCache())
  }

  private static func storage(_ values: [Float]) throws -> FloatStorage {
    let storage = try #require(FloatStorage(count: values.count))
    for (index, value) in values.enumerated() { storage[index] = value }
    return storage
  }
}
