import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

/// Returns a model with blocks. Its first lines are those of the blocks.
///
/// - Parameters:
///   - blocks: the lines below `blocks:`, each indented by two.
///   - network: the items of the network, one on each line.
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

/// Returns the layers of an expanded network without the loss, one on each line: `a(x, y) → b`.
///
/// A layer that states no bottom has `…`.
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

/// Returns all messages about such a network, as a user sees them.
func blockMistakes(
  _ blocks: String, _ network: [String], variables: String? = nil
) -> String {
  mistakes(
    in: blockModel(
      blocks, network + ["name: loss, type: SoftmaxWithLoss"], variables: variables))
}

/// Returns the value of a text with variables.
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
  return model.variables?["result"]?.valueText ?? "?"
}

/// Returns the message about a `$(…)` and its column in the text, counted from 1.
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
    _ = try ModelOracles.model(model)
    return ""
  } catch {
    return error.sorted.map { diagnostic in
      diagnostic.mark.line == 6
        ? "\(diagnostic.mark.column - start + 1): \(diagnostic.message)" : diagnostic.rendered
    }.joined(separator: "\n")
  }
}
