import DataSources
import Models
import Tensors
import Testing
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
  batchSize: Int? = nil, sharing parameters: [GraphParameter]? = nil
) throws -> Graph {
  let file = try model(text)
  var diagnostics = Diagnostics()
  let graph = Graph(
    file, phase: phase,
    signature: try signature ?? file.data.signature(directory: ".", seed: file.seed),
    batchSize: batchSize ?? file.data.train.batchSize, sharing: parameters, &diagnostics)
  guard let graph, !diagnostics.hasErrors else { throw diagnostics }
  return graph
}

/// Everything that is wrong with a graph, as a user sees it; empty if nothing is.
func graphMistakes(
  _ text: String, _ phase: DataPhase = .train, signature: DataSignature? = nil,
  sharing parameters: [GraphParameter]? = nil
) throws -> String {
  do {
    _ = try graph(text, phase, signature: signature, sharing: parameters)
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
