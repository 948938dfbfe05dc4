package import DataSources
internal import Expressions
internal import Files
package import Layers
package import ModelFiles
package import Tensors
package import YAML

/// The network of one phase: layers in the order of computation, blobs by number, all shapes known.
package struct Graph: Sendable {
  /// A tensor between layers.
  package struct Blob: Sendable {
    package let name: String
    package let shape: Shape
    /// The layer that makes it, by its place in `nodes`; nil for the data.
    package let producer: Int?
  }

  package struct Node: Sendable {
    package let declaration: LayerDeclaration
    /// Blobs, by number.
    package let bottoms: [Int]
    package let tops: [Int]
    /// Parameters, by their number in ``Graph/parameters``.
    package let parameters: [Int]

    /// What the layer is for, determined once.
    package let kind: LayerKind

    init(_ declaration: LayerDeclaration, bottoms: [Int], tops: [Int], parameters: [Int]) {
      self.declaration = declaration
      self.bottoms = bottoms
      self.tops = tops
      self.parameters = parameters
      kind = declaration.layer.kind
    }

    package var layer: any Layer { declaration.layer }
    package var name: String { declaration.name }

    /// The bottoms that may get a gradient of the layer.
    var bottomsBelow: [Int] {
      bottoms.indices.filter(declaration.propagates(toBottom:)).map { bottoms[$0] }
    }
  }

  package let phase: DataPhase
  package let batchSize: Int
  /// Examples in a full batch of the training.
  package let trainingBatchSize: Int
  package let blobs: [Blob]
  package let nodes: [Node]
  package let parameters: [GraphParameter]
  /// The blob whose values are the network's answer; nil if no layer makes a blob from others.
  package private(set) var prediction: Int?
  /// The blobs that the data fill: `data` and `label`.
  package static let dataBlob = 0
  package static let labelBlob = 1

  package func inputShapes(of node: Node) -> [Shape] {
    Graph.inputShapes(node.bottoms.map { blobs[$0].shape }, batchSize: batchSize)
  }

  /// What a layer is told of its bottoms: where it has none, how many examples there are.
  static func inputShapes(_ bottoms: [Shape], batchSize: Int) -> [Shape] {
    bottoms.isEmpty ? [Shape([batchSize])] : bottoms
  }

  package func outputShapes(of node: Node) -> [Shape] { node.tops.map { blobs[$0].shape } }

  /// The layers that the answer depends on, in order.
  package var nodesOfPrediction: [Int] {
    var needed: Set<Int> = []
    if let prediction { needed.insert(prediction) }
    let nodes = self.nodes.indices.reversed().filter { index in
      guard self.nodes[index].tops.contains(where: needed.contains) else { return false }
      needed.formUnion(self.nodes[index].bottoms)
      return true
    }
    return nodes.reversed()
  }

  /// Floating-point operations of one pass forward over the batch.
  package var forwardFlops: Double { nodes.reduce(0) { $0 + flops(of: $1) } }

  package func flops(of node: Node) -> Double {
    node.layer.flops(inputShapes(of: node), outputShapes(of: node))
  }
}

extension Graph {
  /// Reports what is wrong with the names of a phase's layers, where nothing is known of the data.
  package static func checkNames(
    _ model: ModelFile, phase: DataPhase, _ diagnostics: inout Diagnostics
  ) {
    Wiring(model, phase, data: ["data", "label"], &diagnostics).checkLoss(&diagnostics)
  }

  /// Wires the layers of a phase and works out every shape.
  ///
  /// - Parameters:
  ///   - signature: what is known of the examples.
  ///   - batchSize: examples in a batch.
  ///   - training: the network of the train phase, whose parameters keep their numbers; nil for that
  ///     phase itself.
  /// - Returns: nil if anything was wrong, and reported.
  package init?(
    _ model: ModelFile, phase: DataPhase, signature: DataSignature, batchSize: Int,
    sharing training: Graph? = nil, _ diagnostics: inout Diagnostics
  ) {
    var builder = GraphBuilder(
      model: model, phase: phase, signature: signature, batchSize: batchSize,
      known: training?.parameters)
    guard builder.build(&diagnostics) else { return nil }
    self.phase = phase
    self.batchSize = batchSize
    trainingBatchSize = model.data.train.batchSize
    blobs = builder.blobs
    nodes = builder.nodes
    self.parameters = builder.parameters
    guard model.network.allSatisfy({ $0.flaw == nil }) else { return nil }
    guard phase == .test || isTrainable(model, &diagnostics) else { return nil }
    let errors = diagnostics.errorCount
    prediction = findPrediction(model, training: training, &diagnostics)
    guard diagnostics.errorCount == errors else { return nil }
  }
}
