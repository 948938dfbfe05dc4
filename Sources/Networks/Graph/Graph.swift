package import DataFiles
package import DataSources
internal import Expressions
internal import Files
package import Layers
package import ModelFiles
package import Tensors
package import YAML

/// The network of one phase: its layers in the order of computation, with numbered blobs and known
/// shapes.
package struct Graph: Sendable {
  /// A tensor between layers.
  package struct Blob: Sendable {
    package let name: String
    package let shape: Shape
    /// The index in `nodes` of the layer that makes the blob. Nil for the data.
    package let producer: Int?
  }

  package struct Node: Sendable {
    package let declaration: LayerDeclaration
    /// The blobs' numbers.
    package let bottoms: [Int]
    package let tops: [Int]
    /// The parameters' numbers in ``Graph/parameters``.
    package let parameters: [Int]

    /// The kind of the layer, determined once.
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

    /// The bottoms to which the layer may pass a gradient.
    var bottomsBelow: [Int] {
      bottoms.indices.filter(declaration.propagates(toBottom:)).map { bottoms[$0] }
    }
  }

  package let phase: DataPhase
  package let batchSize: Int
  /// The number of examples in a full batch of training.
  package let trainingBatchSize: Int
  package let blobs: [Blob]
  package let nodes: [Node]
  package let parameters: [GraphParameter]
  /// The blob with the network's prediction. Nil when no layer makes a blob from others.
  package private(set) var prediction: Int?
  /// The tensors of the data. They are the first blobs, in this order.
  package let dataTops: [DataTop]

  /// The blobs of the data's inputs.
  package var inputBlobs: [Int] { dataTops.indices.filter { !dataTops[$0].isTarget } }

  /// Returns whether a blob is a target of the data.
  package func isTarget(_ blob: Int) -> Bool { blob < dataTops.count && dataTops[blob].isTarget }

  package func inputShapes(of node: Node) -> [Shape] {
    Graph.inputShapes(node.bottoms.map { blobs[$0].shape }, batchSize: batchSize)
  }

  /// Returns the shapes that a layer receives for its bottoms. A layer without bottoms receives the
  /// number of examples.
  static func inputShapes(_ bottoms: [Shape], batchSize: Int) -> [Shape] {
    bottoms.isEmpty ? [Shape([batchSize])] : bottoms
  }

  package func outputShapes(of node: Node) -> [Shape] { node.tops.map { blobs[$0].shape } }

  /// The layers that the prediction depends on, in order.
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

  /// The number of floating-point operations of one forward pass over the batch.
  package var forwardFlops: Double { nodes.reduce(0) { $0 + flops(of: $1) } }

  package func flops(of node: Node) -> Double {
    node.layer.flops(inputShapes(of: node), outputShapes(of: node))
  }
}

extension Graph {
  /// Reports mistakes in the names of a phase's layers, without any knowledge of the data.
  package static func checkNames(
    _ model: ModelFile, phase: DataPhase, _ diagnostics: inout Diagnostics
  ) {
    Wiring(model, phase, data: model.data.topNames, &diagnostics).checkLoss(&diagnostics)
  }

  /// Connects the layers of a phase and computes every shape.
  ///
  /// - Parameters:
  ///   - signature: the known facts about the examples.
  ///   - batchSize: the number of examples in a batch.
  ///   - training: the network of the train phase, whose parameters keep their numbers. Nil for
  ///     the train phase itself.
  /// - Returns: nil for a wrong network, after a report.
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
    dataTops = signature.tops
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
