import ModelFiles
import Testing
import YAML

/// A model with blocks, whose first lines are those of the blocks.
///
/// - Parameters:
///   - blocks: what stands below `blocks:`, each line indented by two.
///   - network: the items of the network, a line each.
func blockModel(_ blocks: String, _ network: [String], variables: String? = nil) -> String {
  let definitions = blocks.split(separator: "\n", omittingEmptySubsequences: false)
    .map { "  \($0)\n" }.joined()
  return (blocks.isEmpty ? "" : "blocks:\n\(definitions)")
    + "network:\n" + network.map { "  - {\($0)}\n" }.joined()
    + (variables.map { "variables: \($0)\n" } ?? "")
      + """
      data: {train: {source: spiral}}
      solver: {base_lr: 0.1, max_epochs: 1}

      """
}

/// The layers of a network once it is expanded, without the loss: `a(x, y) → b`, a line each. A
/// layer that states no bottom has `…`.
func expanded(
  _ blocks: String, _ network: [String], variables: String? = nil
) throws -> [String] {
  let model = try model(
    blockModel(
      blocks, network + ["name: loss, type: SoftmaxWithLoss"], variables: variables))
  return model.network.dropLast().map { layer in
    let bottoms = layer.header.bottoms?.joined(separator: ", ") ?? "…"
    let tops = layer.tops == [layer.name] ? "" : " → \(layer.tops.joined(separator: ", "))"
    return "\(layer.name)(\(bottoms))\(tops)"
  }
}

/// Everything that is wrong with such a network, as a user sees it.
func blockMistakes(
  _ blocks: String, _ network: [String], variables: String? = nil
) -> String {
  mistakes(
    in: blockModel(
      blocks, network + ["name: loss, type: SoftmaxWithLoss"], variables: variables))
}

/// The value of a text in which variables stand.
func substituted(_ text: String, variables: String = "") throws -> String {
  let model = try model(
    """
    variables:
      width: 16
      rate: 0.5
      wide: true
      kind: max
      nothing: ~
      huge: 99999999999999999999
      quoted: "7"
    \(variables)
      result: \(text)
    data: {train: {source: spiral}}
    network: [{name: ip, type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]
    solver: {base_lr: 0.1, max_epochs: 1}
    """)
  return model.variables?["result"]?.outline ?? "?"
}

/// What is wrong with a `$(…)`: its message and column, the first of the text being 1.
func arithmeticMistake(_ text: String) -> String {
  let model = """
    variables: {width: 16, kind: max, nothing: ~, huge: 99999999999999999999, wide: true}
    data: {train: {source: spiral}}
    network:
      - name: loss
        type: SoftmaxWithLoss
        axis: \(text)
    solver: {base_lr: 0.1, max_epochs: 1}
    """
  let start = 11
  do {
    _ = try ModelsTests.model(model)
    return ""
  } catch {
    return error.sorted.map { diagnostic in
      diagnostic.mark.line == 6
        ? "\(diagnostic.mark.column - start + 1): \(diagnostic.message)" : diagnostic.rendered
    }.joined(separator: "\n")
  }
}
