internal import Layers
internal import ModelFiles
internal import Tensors
internal import YAML

/// Finds the largest consumers of memory, and the places in the model file that state them.
extension MemoryEstimate {
  /// A parameter or top that takes much memory.
  private struct LargeTensor {
    let name: String
    let shape: Shape
    let bytes: Double
    /// The layer that contains it.
    let layer: String
  }

  /// The place of the largest consumer: a layer, a part of the data, or the length of training.
  var mark: Mark {
    let network = total - data - history - MemoryEstimate.base
    let first = model.network[0].node.mark
    switch max(data, history, network) {
    case data where data > 0: return dataMark ?? first
    case history where history > 0: return model.solver.lengthMark
    default:
      let layer = largestTensors(1).first?.layer
      return model.network.first { $0.name == layer }?.node.mark ?? first
    }
  }

  /// Returns the largest tensors as text: `; largest: 'ip2.weight' of 250000x100000 (93.1), …`.
  ///
  /// Tensors below a tenth of the largest are left out, and so are tensors that would show as 0.0.
  func largestText(in unit: MemoryUnit) -> String {
    let tensors = largestTensors(3)
    let least = max((tensors.first?.bytes ?? 0) / 10, unit.bytes / 20)
    let shown = tensors.filter { $0.bytes >= least }.map {
      "'\($0.name.quotable)' of \($0.shape.description) (\(unit.text($0.bytes)))"
    }
    return shown.isEmpty ? "" : "; largest: \(shown.joined(separator: ", "))"
  }

  /// Returns the largest tensors. Parameters come before tops of the same size.
  private func largestTensors(_ count: Int) -> [LargeTensor] {
    var largest: [LargeTensor] = []
    func add(_ name: String, _ shape: Shape, _ bytes: Double, _ layer: String) {
      guard largest.count < count || bytes > largest[count - 1].bytes,
        !largest.contains(where: { $0.name == name && $0.bytes >= bytes })
      else { return }
      largest.removeAll { $0.name == name }
      let place = largest.firstIndex { $0.bytes < bytes } ?? largest.count
      largest.insert(
        LargeTensor(name: name, shape: shape, bytes: bytes, layer: layer), at: place)
      if largest.count > count { largest.removeLast() }
    }
    for parameter in parameters {
      let bytes = ParameterStore.bytes(of: parameter)
      add(parameter.name, parameter.declaration.shape, bytes, parameter.owner)
    }
    for graph in graphs {
      for node in graph.nodes {
        for top in node.tops {
          let blob = graph.blobs[top]
          let bytes = Double(blob.shape.count) * Double(MemoryLayout<Float>.size)
          add(blob.name, blob.shape, bytes, node.name)
        }
      }
    }
    return largest
  }
}
