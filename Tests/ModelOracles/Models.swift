package import DataFiles
package import DataSources
package import ModelFiles
package import Networks
internal import Oracles
internal import Plans
internal import Tensors
internal import Testing
package import YAML

/// Returns the model file that a text states.
package func model(
  _ text: String, path: String = "model.yaml", overrides: [String] = []
) throws(Diagnostics) -> ModelFile {
  let document = try Node.parse(Array(text.utf8), name: path)
  var list: [Override] = []
  for override in overrides { list.append(try Override(override)) }
  return try ModelFile.read(document, path: path, overrides: list)
}

/// Returns all messages about a model file, as a user sees them. Empty for a correct file.
package func mistakes(in text: String, overrides: [String] = []) -> String {
  do {
    _ = try model(text, overrides: overrides)
    return ""
  } catch {
    return error.rendered
  }
}

/// Returns the first lines of the messages: place, severity, message.
package func headlines(in text: String, overrides: [String] = []) -> [String] {
  do {
    _ = try model(text, overrides: overrides)
    return []
  } catch {
    return error.sorted.map { "\($0.mark.description): \($0.severity.rawValue): \($0.message)" }
  }
}

/// Returns a model with the layers `layers`, one on each line, below two lines of data and solver.
package func network(_ layers: [String], data: String = "{source: spiral, batch_size: 20}")
  -> String
{
  """
  data: {train: \(data)}
  solver: {base_lr: 0.1, max_epochs: 1}
  network:

  """ + layers.map { "  - {\($0)}\n" }.joined()
}

/// Returns the graph of a phase.
///
/// - Parameter signature: the signature of the data. Nil for the model's own data.
package func graph(
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
package func graphMistakes(
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
package func signature(inputs: [Int], outputs: [Int]? = nil, classes: Int? = nil) -> DataSignature {
  DataSignature(
    [
      DataTop(DataTop.data, shape: Shape(inputs)),
      outputs.map { DataTop(DataTop.label, isTarget: true, shape: Shape($0)) }
        ?? DataTop(classes: classes.map(ClassNames.count)),
    ], exampleCount: nil)
}
