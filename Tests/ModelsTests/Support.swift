import DataFiles
import DataSources
import Glibc
import Kernels
import ModelFiles
import Networks
import Plans
import Tensors
import Testing
import Threads
import YAML

/// Returns the model file that a text states.
func model(
  _ text: String, path: String = "model.yaml", overrides: [String] = []
) throws(Diagnostics) -> ModelFile {
  let document = try Node.parse(Array(text.utf8), name: path)
  var list: [Override] = []
  for override in overrides { list.append(try Override(override)) }
  return try ModelFile.read(document, path: path, overrides: list)
}

/// Returns all messages about a model file, as a user sees them. Empty for a correct file.
func mistakes(in text: String, overrides: [String] = []) -> String {
  do {
    _ = try model(text, overrides: overrides)
    return ""
  } catch {
    return error.rendered
  }
}

/// Returns the first lines of the messages: place, severity, message.
func headlines(in text: String, overrides: [String] = []) -> [String] {
  do {
    _ = try model(text, overrides: overrides)
    return []
  } catch {
    return error.sorted.map { "\($0.mark.description): \($0.severity.rawValue): \($0.message)" }
  }
}

/// Returns a model with the layers `layers`, one on each line, below two lines of data and solver.
func network(_ layers: [String], data: String = "{source: spiral, batch_size: 20}") -> String {
  """
  data: {train: \(data)}
  solver: {base_lr: 0.1, max_epochs: 1}
  network:

  """ + layers.map { "  - {\($0)}\n" }.joined()
}

/// Returns the graph of a phase.
///
/// - Parameter signature: the signature of the data. Nil for the model's own data.
func graph(
  _ text: String, _ phase: DataPhase = .train, signature: DataSignature? = nil,
  batchSize: Int? = nil, sharing training: Graph? = nil
) throws -> Graph {
  let file = try model(text)
  var diagnostics = Diagnostics()
  let graph = Graph(
    file, phase: phase,
    signature: try signature ?? file.data.signature(directory: ".", seed: file.seed),
    batchSize: batchSize ?? file.data.train.batchSize, sharing: training, &diagnostics)
  guard let graph, !diagnostics.hasErrors else { throw diagnostics }
  return graph
}

/// Returns all messages about a graph, as a user sees them. Empty for a correct graph.
func graphMistakes(
  _ text: String, _ phase: DataPhase = .train, signature: DataSignature? = nil,
  sharing training: Graph? = nil
) throws -> String {
  do {
    _ = try graph(text, phase, signature: signature, sharing: training)
    return ""
  } catch let diagnostics as Diagnostics {
    return diagnostics.rendered
  }
}

/// Returns the signature of examples with targets of the shape `outputs`. Nil makes them classes.
func signature(inputs: [Int], outputs: [Int]? = nil, classes: Int? = nil) -> DataSignature {
  DataSignature(
    inputShape: Shape(inputs), targetShape: outputs.map { Shape($0) },
    classes: classes.map(ClassNames.count), inputNames: [], exampleCount: nil)
}

extension Graph {
  /// One line for each layer: `ip1(data) → ip1 20x3`.
  var outline: [String] {
    nodes.map { node in
      let bottoms = node.bottoms.map { "\(blobs[$0].name)#\($0)" }.joined(separator: ", ")
      let tops = node.tops.map { "#\($0) \(blobs[$0].shape.description)" }
      return "\(node.name)(\(bottoms)) → \(tops.joined(separator: ", "))"
    }
  }
}

extension Dataset {
  /// Makes examples from the test's values.
  ///
  /// - Parameter outputs: the number of values of a target. Nil makes targets class numbers.
  static func of(_ inputs: [[Float]], targets: [[Float]], outputs: Int?) throws -> Dataset {
    let width = inputs.first?.count ?? 0
    return Dataset(
      count: inputs.count, inputs: try storage(inputs), targets: try storage(targets),
      inputShape: Shape([width]), targetShape: outputs.map { Shape([$0]) }, classes: nil,
      inputNames: [], targetNames: [])
  }

  private static func storage(_ rows: [[Float]]) throws -> FloatStorage {
    let values = rows.flatMap { $0 }
    let storage = try #require(FloatStorage(count: values.count))
    for (index, value) in values.enumerated() { storage[index] = value }
    return storage
  }
}

/// A network that has run over one batch of the test's examples.
struct RunBatch {
  let graph: Graph
  let store: ParameterStore
  let network: NetworkPlan

  /// - Parameters:
  ///   - layers: the network, one layer on each line.
  ///   - outputs: the number of values of a target. Nil makes targets class numbers.
  ///   - values: the parameters' values by name, in the order of files.
  init(
    _ layers: [String], inputs: [[Float]], targets: [[Float]], outputs: Int?,
    values: [String: [Float]], purpose: NetworkPlan.Purpose = .training, shards: Int = 1
  ) throws {
    let data = try Dataset.of(inputs, targets: targets, outputs: outputs)
    let signature = signature(inputs: [inputs[0].count], outputs: outputs.map { [$0] })
    let text = ModelsTests.network(layers)
    let train = try ModelsTests.graph(text, signature: signature, batchSize: inputs.count)
    graph =
      purpose == .training
      ? train
      : try ModelsTests.graph(
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
  func gradient(_ name: String) -> [Float]? {
    store.parameters.firstIndex { $0.name == name }.flatMap { store.rowMajorGradient($0) }
  }

  /// The network's prediction.
  var prediction: [Float]? {
    network.prediction.map { slot in
      let view = network.plan.floats(slot)
      return (0..<view.count).map { view[$0] }
    }
  }
}

extension Node {
  /// The values without their places: `{a: [1, 'text']}`.
  var outline: String {
    func list(_ parts: [String]) -> String { parts.joined(separator: ", ") }
    return switch value {
    case .scalar(let scalar):
      if case .text(let text) = scalar.resolved { "'\(text)'" } else { scalar.text }
    case .sequence(let items): "[\(list(items.map(\.outline)))]"
    case .mapping(let pairs):
      "{\(list(pairs.map { "\($0.key.scalar?.text ?? "?"): \($0.value.outline)" }))}"
    }
  }
}
