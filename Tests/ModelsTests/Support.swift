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

/// A model file's text, read.
func model(
  _ text: String, path: String = "model.yaml", overrides: [String] = []
) throws(Diagnostics) -> ModelFile {
  let document = try Node.parse(Array(text.utf8), name: path)
  var list: [Override] = []
  for override in overrides { list.append(try Override(override)) }
  return try ModelFile.read(document, path: path, overrides: list)
}

/// Everything that is wrong with a model file, as a user sees it; empty if nothing is.
func mistakes(in text: String, overrides: [String] = []) -> String {
  do {
    _ = try model(text, overrides: overrides)
    return ""
  } catch {
    return error.rendered
  }
}

/// The first lines of the messages: place, severity, message.
func headlines(in text: String, overrides: [String] = []) -> [String] {
  do {
    _ = try model(text, overrides: overrides)
    return []
  } catch {
    return error.sorted.map { "\($0.mark.description): \($0.severity.rawValue): \($0.message)" }
  }
}

/// A model whose network is `layers`, one line each, below two lines of data and solver.
func network(_ layers: [String], data: String = "{source: spiral, batch_size: 20}") -> String {
  """
  data: {train: \(data)}
  solver: {base_lr: 0.1, max_epochs: 1}
  network:

  """ + layers.map { "  - {\($0)}\n" }.joined()
}

/// The graph of a phase.
///
/// - Parameter signature: nil for that of the model's own data.
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

/// Everything that is wrong with a graph, as a user sees it; empty if nothing is.
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

/// Examples whose targets are values, or numbers of classes where `outputs` is nil.
func signature(inputs: [Int], outputs: [Int]? = nil, classes: Int? = nil) -> DataSignature {
  DataSignature(
    inputShape: Shape(inputs), targetShape: outputs.map { Shape($0) },
    classes: classes.map(ClassNames.count), inputNames: [], exampleCount: nil)
}

extension Graph {
  /// `ip1(data) → ip1 20x3`, a line a layer.
  var outline: [String] {
    nodes.map { node in
      let bottoms = node.bottoms.map { "\(blobs[$0].name)#\($0)" }.joined(separator: ", ")
      let tops = node.tops.map { "#\($0) \(blobs[$0].shape.description)" }
      return "\(node.name)(\(bottoms)) → \(tops.joined(separator: ", "))"
    }
  }
}

extension Dataset {
  /// Examples of the test's own.
  ///
  /// - Parameter outputs: values of a target; nil: targets are numbers of classes.
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

/// A network that has run over one batch of the test's own.
struct RunBatch {
  let graph: Graph
  let store: ParameterStore
  let network: NetworkPlan

  /// - Parameters:
  ///   - layers: the network, a line a layer.
  ///   - outputs: values of a target; nil: targets are numbers of classes.
  ///   - values: of parameters, by name, as files hold them.
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

  /// The gradient of a parameter; nil for a name that is none.
  func gradient(_ name: String) -> [Float]? {
    store.parameters.firstIndex { $0.name == name }.flatMap { store.rowMajorGradient($0) }
  }

  /// The network's answer.
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
