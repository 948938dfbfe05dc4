internal import DataFiles
package import Networks
internal import Oracles
internal import Tensors
internal import Testing
internal import YAML

extension Graph {
  /// One line for each layer: `ip1(data) → ip1 20x3`.
  package var outline: [String] {
    nodes.map { node in
      let bottoms = node.bottoms.map { "\(blobs[$0].name)#\($0)" }.joined(separator: ", ")
      let tops = node.tops.map { "#\($0) \(blobs[$0].shape.description)" }
      return "\(node.name)(\(bottoms)) → \(tops.joined(separator: ", "))"
    }
  }
}
