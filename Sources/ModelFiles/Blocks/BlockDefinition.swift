internal import Expressions
internal import Fields
internal import YAML

/// A named group of layers with parameters: an entry of `blocks:`.
///
///     residual:
///       parameters: {channels: ~, stride: 1}
///       layers: [{name: conv1, …}, …]
///
/// `parameters` gives each parameter a default, or `~` if every call must set it. `inputs` names
/// the blobs that a call's `bottom` lists. Its default is the single name `input`. `output` names
/// the blob that stands for the call. Its default is the last blob that is not a loss or metric
/// value.
struct BlockDefinition {
  struct Parameter {
    let name: String
    /// Nil for a required parameter.
    let value: Node?
  }

  let name: String
  /// The place of the definition.
  let mark: Mark
  let parameters: [Parameter]
  let inputs: [String]
  let output: (name: String, mark: Mark)?
  let layers: [Node]
  /// The names of the blocks that its layers call, each as `block:` states it.
  let calls: [Node]
  /// False when the definition is wrong. Its calls are not expanded.
  let isSound: Bool
  /// False when its inputs are unknown. Its layers cannot be checked.
  let canBeChecked: Bool

  /// The fields of a call that are not parameters of the block.
  static let callFields = ["name", "block", "repeat", "when", "bottom", "top"]
  static let parameterLimit = 100

  private struct Header: FieldOwner {
    var inputs = ["input"]
    var output: String?

    init() {}

    static let fields: [Field<Header>] = [
      .optional(
        "inputs", \.inputs, .each(inputName), "Names of the blobs that a call's bottoms provide."),
      .optional(
        "output", \.output, .given(LayerHeader.layerName), "The blob that stands for the call."),
    ]

    private static let inputName = Constraint<String>("a name of letters, digits and _") {
      $0.isParameterName && !BlockDefinition.dataNames.contains($0)
    }
  }

  /// The blobs of the data, which every block may read.
  static let dataNames = ["data", "label"]

  /// Reads the definition. Returns nil, after a report, when it cannot produce layers.
  ///
  /// - Parameter scope: the file's variables.
  init?(
    _ pair: Node.Pair, _ scope: Scope, _ substitution: inout Substitution,
    _ diagnostics: inout Diagnostics
  ) {
    name = pair.key.scalar?.text ?? ""
    mark = pair.key.mark
    let subject = "block '\(name.quotable)'"
    guard LayerHeader.layerName.allows(name), !name.contains("$(") else {
      diagnostics.error(
        "blocks: expected a name of 1 to 200 printable characters without '$(', received "
          + pair.key.received, at: mark)
      return nil
    }
    guard var reader = FieldReader(pair.value, of: subject, &diagnostics) else { return nil }
    var header = Header()
    reader.allow(["parameters", "layers"])
    reader.read(into: &header, &diagnostics)
    reader.finish(&diagnostics)
    inputs = header.inputs
    output = header.output.map { ($0, pair.value["output"]?.mark ?? pair.value.mark) }
    parameters = BlockDefinition.parameters(pair.value["parameters"], of: subject, &diagnostics)
    guard let layers = BlockDefinition.layers(pair, of: subject, &diagnostics) else { return nil }
    self.layers = layers
    isSound = reader.isValid
    let stated = pair.value["inputs"].map { !$0.isNull } ?? false
    canBeChecked = reader.isValid || !stated
    calls = layers.compactMap { $0["block"] }.filter { $0.scalar != nil && !$0.isNull }
    if let second = BlockDefinition.repeated(in: inputs) {
      diagnostics.error(
        "\(subject): duplicate input '\(second.quotable)'",
        at: pair.value["inputs"]?.mark ?? mark)
    }
    check(scope, &substitution, &diagnostics)
  }

  private static func repeated(in names: [String]) -> String? {
    var known: Set<String> = []
    return names.first { !known.insert($0).inserted }
  }

  private static func layers(
    _ pair: Node.Pair, of subject: String, _ diagnostics: inout Diagnostics
  ) -> [Node]? {
    guard let node = pair.value["layers"], !node.isNull else {
      diagnostics.error(
        "\(subject): 'layers' is missing: expected a list of layers", at: pair.value.mark)
      return nil
    }
    guard let items = node.items, !items.isEmpty else {
      diagnostics.error(
        "\(subject): layers: expected a list of layers, received \(node.received)", at: node.mark)
      return nil
    }
    return items
  }

  private static func parameters(
    _ node: Node?, of subject: String, _ diagnostics: inout Diagnostics
  ) -> [Parameter] {
    guard let node, !node.isNull else { return [] }
    guard let pairs = node.pairs, pairs.count <= parameterLimit else {
      let count = node.pairs.map { "\($0.count)" }
      diagnostics.error(
        "\(subject): parameters: expected a mapping of at most \(parameterLimit) names to defaults "
          + "(~ for none), received \(count ?? node.received)", at: node.mark)
      return []
    }
    var parameters: [Parameter] = []
    for pair in pairs {
      let name = pair.key.scalar?.text ?? ""
      if reservedNames.contains(name) {
        diagnostics.error(
          "\(subject): the parameter name '\(name)' is reserved: expected another name",
          at: pair.key.mark)
      } else if !name.isParameterName {
        diagnostics.error(
          "\(subject): parameters: expected a name of letters, digits and _ that does not "
            + "begin with a digit, received \(pair.key.received)", at: pair.key.mark)
      }
      parameters.append(Parameter(name: name, value: pair.value.isNull ? nil : pair.value))
    }
    return parameters
  }

  private static let reservedNames =
    callFields + ["type", Scope.index] + Formula.words

  /// Reports the mistakes in the expressions of the block, without the values of a call.
  private func check(
    _ scope: Scope, _ substitution: inout Substitution, _ diagnostics: inout Diagnostics
  ) {
    var scope = scope.block(parameters: parameters.map(\.name))
    let unknown = Scope.Argument(.plain("~"))
    for parameter in parameters {
      if let value = parameter.value { substitution.check(value, scope, &diagnostics) }
      scope.define(parameter: parameter.name, unknown)
    }
    for layer in layers {
      guard let pairs = layer.pairs else {
        diagnostics.error(
          "block '\(name.quotable)': expected a layer's mapping, received \(layer.received)",
          at: layer.mark)
        continue
      }
      let isRepeated = layer["repeat"].map { !$0.isNull } ?? false
      for pair in pairs {
        let isOfAllCopies = ["name", "top", "repeat"].contains(pair.key.scalar?.text)
        scope.index = isRepeated && !isOfAllCopies ? 0 : nil
        substitution.check(Node(.mapping([pair]), at: layer.mark), scope, &diagnostics)
      }
    }
  }
}
