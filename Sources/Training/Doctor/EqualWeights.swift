internal import Kernels
internal import Layers
internal import ModelFiles
internal import Networks
internal import Tensors
internal import YAML

/// Warns of hidden layers whose weights all begin with one value, so that their units are copies.
///
/// The check covers layers of units (`UnitLayer`) with trained weights and several units that read
/// the same inputs. Between the layer and every loss there must be another layer of units. Weights
/// of 0 in a branch that is combined with others are intended, as in residual networks, and cause
/// no warning.
enum EqualWeights {
  /// Returns the warnings.
  ///
  /// - Parameters:
  ///   - store: the parameters before the first update.
  ///   - isGiven: whether a file provides the weights instead of the fillers.
  static func warnings(
    _ graph: Graph, _ store: ParameterStore, isGiven: Bool
  ) -> [Warning] {
    var seen: Set<Int> = []
    let branches = graph.branches
    return graph.nodesOfHiddenUnits.compactMap { index in
      let node = graph.nodes[index]
      guard let layer = node.layer.unitLayer, layer.hasUnitsOfSameInputs,
        let parameter = graph.weight(of: node), graph.parameters[parameter].isTrainable,
        seen.insert(parameter).inserted,
        let value = commonValue(store.value(parameter)), value != 0 || !branches[index]
      else { return nil }
      let declaration = node.declaration
      let count = graph.parameters[parameter].declaration.shape.count
      let advice = isGiven ? "other initial weights" : "weight_filler: xavier, or msra"
      let filler = isGiven ? nil : declaration.node["weight_filler"]
      return Warning(
        .equalWeights, layer: node.name,
        "\(declaration.subject): all \(count) weights begin as \(value), so that its "
          + "\(layer.unitCount) units are copies of each other and stay equal during training; "
          + "try \(advice)", at: (filler ?? declaration.node).mark)
    }
  }

  /// Returns the value of all elements. Nil when two differ, or there is only one element.
  private static func commonValue(_ values: FloatView) -> Float? {
    guard values.count > 1 else { return nil }
    let first = values[0]
    for index in 1..<values.count where values[index] != first { return nil }
    return first
  }
}
