internal import Files
package import Tensors
package import YAML

/// One case of a layer, loss, metric, or network of layers.
package struct ReferenceCase: Sendable {
  package let name: String
  /// The mappings of the layers, including `type`. The file of a layer has one.
  package let layers: [Node]
  package let inputs: [ReferenceTensor]
  package let batchSize: Int
  /// The parameters of each layer, row-major, in the order of the file.
  package let parameters: [[(name: String, tensor: ReferenceTensor)]]
  /// False if the layer runs as in the test phase.
  package let isTraining: Bool
  /// The gradient of each output. Nil for an output without a gradient. Empty for a loss, which has
  /// weight 1, and for a metric.
  package let outputGradients: [ReferenceTensor?]
  package let outputs: [ReferenceTensor]
  /// The gradient of each input. Nil for an input without a gradient. Empty for a metric.
  package let inputGradients: [ReferenceTensor?]
  package let parameterGradients: [[(name: String, tensor: ReferenceTensor)]]
  /// The first layer's statistics after the step, in the order of their declaration.
  package let statistics: [(name: String, tensor: ReferenceTensor)]
  /// Values of the first input near which central differences are meaningless. Nil if the gradients
  /// are not checked by differences.
  package let kinks: [Double]?
}

/// A file of `Tests/Oracles/Cases`. `Tests/Oracles/README.md` describes these files.
package struct ReferenceFile: Sendable {
  /// A mistake in a file.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let name: String
  package let document: Node

  package init(_ name: String) throws {
    self.name = name
    let folder = #filePath.dropLast("ReferenceCase.swift".count)
    document = try Node.read(path: "\(folder)Cases/\(name).json")
  }

  /// The cases of a layer's file. Its entry has the same name as the file.
  package func layerCases() throws -> [ReferenceCase] {
    guard try document.required("entry").scalar?.text == name else {
      throw Failure(description: "\(name).json is not about \(name)")
    }
    return try cases().map { node in
      try ReferenceCase(node, layers: [node.required("fields").with("type", .text(name))])
    }
  }

  /// The cases of networks.
  package func networkCases() throws -> [ReferenceCase] {
    try cases().map { node in
      try ReferenceCase(node, layers: node.required("network").requiredItems())
    }
  }

  /// The mappings of the cases. There is at least one.
  package func cases() throws -> [Node] {
    let cases = try document.required("cases").requiredItems()
    guard !cases.isEmpty else { throw Failure(description: "\(name).json has no case") }
    return cases
  }
}

extension ReferenceCase {
  /// The shapes of a layer's bottoms. For a case without inputs, this is the shape [N] of the
  /// batch.
  package var inputShapes: [Shape] {
    inputs.isEmpty ? [Shape([batchSize])] : inputs.map(\.shape)
  }

  fileprivate init(_ node: Node, layers: [Node]) throws {
    name = try node.required("name").requiredText()
    self.layers = layers
    inputs = try node.required("inputs").tensors()
    batchSize = try inputs.first?.shape[0] ?? Int(node.required("batch").number())
    parameters = try node.required("parameters").parameters(layerCount: layers.count)
    isTraining = node["phase"]?.scalar?.text != "test"
    outputGradients =
      try node["output_gradients"]?.requiredItems().map { $0.isNull ? nil : try $0.tensor() } ?? []
    statistics = try node["statistics"]?.parameters(layerCount: 1)[0] ?? []
    kinks = try node["gradient_check"]?.numbers()
    outputs = try node.required("outputs").tensors()
    inputGradients =
      try node["input_gradients"]?.requiredItems().map { $0.isNull ? nil : try $0.tensor() } ?? []
    parameterGradients =
      try node["parameter_gradients"]?.parameters(layerCount: layers.count)
      ?? layers.map { _ in [] }
  }
}

extension Node {
  /// The value of a required key.
  package func required(_ key: String) throws -> Node {
    guard let value = self[key] else { throw failure("'\(key)' is missing") }
    return value
  }

  package func requiredItems() throws -> [Node] {
    guard let items else { throw failure("expected a list, received \(received)") }
    return items
  }

  package func requiredText() throws -> String {
    guard let text = scalar?.text else { throw failure("expected a text, received \(received)") }
    return text
  }

  /// The number, in any spelling.
  package func number() throws -> Double {
    switch scalar?.resolved {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: throw failure("expected a number, received \(received)")
    }
  }

  package func numbers() throws -> [Double] { try requiredItems().map { try $0.number() } }

  /// Reads `{shape, values, tolerance}`.
  package func tensor() throws -> ReferenceTensor {
    let axes = try required("shape").numbers().map { Int($0) }
    let values = try required("values").numbers()
    guard let shape = Shape(checking: axes), shape.count == values.count else {
      throw failure("\(values.count) values do not fill the shape \(axes)")
    }
    return ReferenceTensor(
      shape: shape, values: values, tolerance: try self["tolerance"]?.number() ?? 0)
  }

  package func tensors() throws -> [ReferenceTensor] { try requiredItems().map { try $0.tensor() } }

  /// Reads `{weight: …}` of a layer, or `{0.weight: …, 2.bias: …}` of a network. Returns the
  /// parameters of each layer.
  package func parameters(
    layerCount: Int
  ) throws -> [[(name: String, tensor: ReferenceTensor)]] {
    var result = [[(name: String, tensor: ReferenceTensor)]](repeating: [], count: layerCount)
    for pair in pairs ?? [] {
      let parts = try pair.key.requiredText().split(separator: ".").map(String.init)
      let layer = parts.count == 2 ? Int(parts[0]) : 0
      guard let layer, result.indices.contains(layer), let name = parts.last else {
        throw failure("a parameter of no layer")
      }
      result[layer].append((name, try pair.value.tensor()))
    }
    return result
  }

  /// The mapping with one additional key.
  package func with(_ key: String, _ value: Node) -> Node {
    Node(.mapping((pairs ?? []) + [Pair(key: .text(key), value: value)]), at: mark)
  }

  private func failure(_ message: String) -> ReferenceFile.Failure {
    ReferenceFile.Failure(description: "\(mark.description): \(message)")
  }
}
