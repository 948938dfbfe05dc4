internal import Kernels
internal import Layers
internal import Models
internal import Tensors
internal import YAML

/// Hidden layers whose weights all begin with one value: their units are copies of each other.
///
/// A layer of units is meant (`UnitLayer`) whose weights are trained, of which several units read
/// the same inputs, and which no loss sees without another layer of units between. Weights of 0 in a
/// branch that is only combined with others are left out: so residual networks begin on purpose.
enum EqualWeights {
  /// - Parameters:
  ///   - store: the parameters before the first update.
  ///   - isGiven: whether they come from a file, and not from fillers alone.
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
      let advice = isGiven ? "other weights to begin with" : "weight_filler: xavier, or msra"
      let filler = isGiven ? nil : declaration.node["weight_filler"]
      return Warning(
        .equalWeights, layer: node.name,
        "\(declaration.subject): all \(count) weights begin as \(value), so that its "
          + "\(layer.unitCount) units are copies of each other, and learn the same for as long as "
          + "nothing else tells them apart; try \(advice)", at: (filler ?? declaration.node).mark)
    }
  }

  /// The value of all elements; nil if two differ, or there is but one.
  private static func commonValue(_ values: FloatView) -> Float? {
    guard values.count > 1 else { return nil }
    let first = values[0]
    for index in 1..<values.count where values[index] != first { return nil }
    return first
  }
}
