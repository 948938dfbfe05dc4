internal import DataFiles
internal import DataSources
internal import Fields
internal import Files
internal import Layers
internal import ModelFiles
internal import Solvers
internal import Tensors
internal import YAML

/// Builds a ``Graph`` layer by layer, and reports every layer that does not fit.
///
/// A layer whose bottoms could not be made is skipped, because its input shapes are unknown.
struct GraphBuilder {
  let model: ModelFile
  let phase: DataPhase
  let signature: DataSignature
  let batchSize: Int
  private(set) var blobs: [Graph.Blob] = []
  private(set) var nodes: [Graph.Node] = []
  private(set) var parameters: [GraphParameter] = []
  /// The number of each parameter, by name.
  private var numbers: [String: Int] = [:]
  /// The number of values of all parameters.
  private var parameterCount = 0
  /// The maximum number of values of all parameters together.
  ///
  /// Below this limit, the sum of their bytes cannot overflow 64 bits. No machine has memory for a
  /// millionth of these values.
  private static let parameterLimit = 1 << 60
  /// True when the train phase has defined all parameters. A new parameter would never be trained.
  private let isComplete: Bool

  /// - Parameter known: the parameters of the train phase. Nil while that phase is built.
  init(
    model: ModelFile, phase: DataPhase, signature: DataSignature, batchSize: Int,
    known: [GraphParameter]?
  ) {
    isComplete = known != nil
    parameters = known ?? []
    for (number, parameter) in parameters.enumerated() { numbers[parameter.name] = number }
    self.model = model
    self.phase = phase
    self.signature = signature
    self.batchSize = batchSize
  }

  mutating func build(_ diagnostics: inout Diagnostics) -> Bool {
    let before = diagnostics.errorCount
    guard addData(&diagnostics) else { return false }
    let wiring = Wiring(model, phase, data: signature.topNames, &diagnostics)
    // By layer: the blobs that it makes. Nil until the layer is added, and for layers that do not
    // fit.
    var made = [[Int]?](repeating: nil, count: wiring.layers.count)
    for place in wiring.order {
      let layer = wiring.layers[place]
      let bottoms = layer.origins.compactMap { origin in
        switch origin {
        case .data(let blob): blob
        case .layer(let maker, let top): made[maker].flatMap { $0[safe: top] }
        case nil: nil as Int?
        }
      }
      guard bottoms.count == layer.bottoms.count, layer.declaration.flaw == nil else { continue }
      made[place] = add(layer, bottoms, &diagnostics)
    }
    wiring.checkLoss(&diagnostics)
    checkScores(&diagnostics)
    return diagnostics.errorCount == before
  }

  private mutating func addData(_ diagnostics: inout Diagnostics) -> Bool {
    for top in signature.tops {
      guard let shape = Shape(checking: [batchSize] + top.shape.axes) else {
        diagnostics.error(
          "batch_size: \(batchSize) examples of \(top.shape.description) are too many "
            + "values to count", at: model.network[0].node.mark)
        return false
      }
      blobs.append(Graph.Blob(name: top.name, shape: shape, producer: nil))
    }
    return true
  }

  /// Adds a layer with existing bottoms. Returns the blobs that it makes, or nil when it does not
  /// fit.
  private mutating func add(
    _ layer: Wiring.Layer, _ bottoms: [Int], _ diagnostics: inout Diagnostics
  ) -> [Int]? {
    var declaration = layer.declaration
    guard checkBottoms(layer, bottoms, &diagnostics) else { return nil }
    let inputs = Graph.inputShapes(bottoms.map { blobs[$0].shape }, batchSize: batchSize)
    let outputs: [Shape]
    guard size(&declaration, bottoms, &diagnostics) else { return nil }
    do throws(ShapeFailure) {
      outputs = try declaration.layer.outputShapes(inputs, topCount: layer.tops.count)
    } catch {
      let received = bottoms.isEmpty ? "" : "; received \(chain(to: bottoms))"
      diagnostics.error(
        "\(declaration.subject): \(error.message)\(received)",
        at: error.mark ?? declaration.node.mark)
      return nil
    }
    guard layer.tops.count == outputs.count else {
      diagnostics.error(
        "\(declaration.subject): expected \(outputs.count) top\(outputs.count == 1 ? "" : "s"), "
          + "received \(layer.tops.count)",
        at: declaration.node["top"]?.mark ?? declaration.node.mark)
      return nil
    }
    guard let parameters = addParameters(of: declaration, inputs, &diagnostics) else { return nil }
    for (top, shape) in zip(layer.tops, outputs) {
      blobs.append(Graph.Blob(name: top, shape: shape, producer: nodes.count))
    }
    let tops = Array(blobs.indices.suffix(outputs.count))
    nodes.append(
      Graph.Node(declaration, bottoms: bottoms, tops: tops, parameters: parameters))
    return tops
  }

  private func checkBottoms(
    _ layer: Wiring.Layer, _ bottoms: [Int], _ diagnostics: inout Diagnostics
  ) -> Bool {
    let declaration = layer.declaration
    let expected = declaration.layer.inputCount
    guard expected.contains(bottoms.count) else {
      let count =
        expected.count == 1
        ? "\(expected.lowerBound)" : "\(expected.lowerBound) to \(expected.upperBound)"
      diagnostics.error(
        "\(declaration.subject): expected \(count) bottom\(expected.upperBound == 1 ? "" : "s"), "
          + "received \(bottoms.count)",
        at: declaration.node["bottom"]?.mark ?? declaration.node.mark)
      return false
    }
    if let list = declaration.header.propagatesDown, list.count != 1, list.count != bottoms.count {
      let wanted = bottoms.count == 1 ? "1 value" : "1 or \(bottoms.count) values"
      diagnostics.error(
        "\(declaration.subject): propagate_down: expected \(wanted), received \(list.count)",
        at: declaration.node["propagate_down"]?.mark ?? declaration.node.mark)
      return false
    }
    for (index, blob) in bottoms.enumerated() where blobs[blob].shape.rank == 0 {
      diagnostics.error(
        "\(declaration.subject): bottom '\(layer.bottoms[index].quotable)' is the value of a "
          + "loss or metric, which no layer can read", at: declaration.mark(ofBottom: index))
      return false
    }
    return true
  }

  // MARK: Parameters

  /// Numbers the layer's parameters. A parameter with the name of an earlier one is the same
  /// parameter.
  private mutating func addParameters(
    of layer: LayerDeclaration, _ inputs: [Shape], _ diagnostics: inout Diagnostics
  ) -> [Int]? {
    let declarations = layer.layer.parameters(inputs)
    let options = layer.header.parameters ?? []
    let trained = declarations.filter(\.role.isTrained)
    guard options.count <= trained.count else {
      let names = trained.map(\.name).joined(separator: ", ")
      let expected =
        trained.isEmpty
        ? "expected no param, since it has no parameters"
        : "param: expected at most \(trained.count) items (\(names))"
      diagnostics.error(
        "\(layer.subject): \(expected), received \(options.count)",
        at: layer.node["param"]?.mark ?? layer.node.mark)
      return nil
    }
    var result: [Int] = []
    for (index, declaration) in declarations.enumerated() {
      let option = options[safe: index] ?? ParameterOptions()
      let parameter = GraphParameter(
        name: option.name ?? "\(layer.name).\(declaration.name)", declaration: declaration,
        rateMultiplier: option.rateMultiplier, decayMultiplier: option.decayMultiplier,
        weightDecay: option.weightDecay, regularizer: option.regularizer, owner: layer.name)
      if let mistake = mistake(in: parameter) {
        diagnostics.error(
          "\(layer.subject): \(mistake)",
          at: layer.node["param"]?.items?[safe: index]?.mark ?? layer.node["param"]?.mark
            ?? layer.node.mark)
        return nil
      }
      let number = numbers[parameter.name] ?? parameters.count
      if number == parameters.count {
        parameters.append(parameter)
        numbers[parameter.name] = number
        guard countValues(of: parameter, in: layer, &diagnostics) else { return nil }
      }
      result.append(number)
    }
    return result
  }

  /// Adds to the count of all values. Returns false when a parameter exceeds the limit.
  private mutating func countValues(
    of parameter: GraphParameter, in layer: LayerDeclaration, _ diagnostics: inout Diagnostics
  ) -> Bool {
    guard parameterCount <= GraphBuilder.parameterLimit else { return true }
    let shape = parameter.declaration.shape
    parameterCount += min(shape.count, GraphBuilder.parameterLimit + 1)
    guard parameterCount > GraphBuilder.parameterLimit else { return true }
    diagnostics.error(
      "\(layer.subject): expected at most 2^60 values in all parameters, received a "
        + "\(parameter.declaration.name) of \(shape.description)", at: layer.node.mark)
    return false
  }

  /// Returns the reason why the network cannot have the parameter. Nil when it can.
  private func mistake(in parameter: GraphParameter) -> String? {
    let name = parameter.name.quotable
    if ParameterOptions.reservedNames.contains(parameter.name) {
      return "the name '\(name)' of its \(parameter.declaration.name) is reserved in "
        + "weights files: expected another name"
    }
    // The reader has checked parameters that state both a regularizer and its strength.
    if parameter.regularizer == nil,
      let mistake = Regularization.inconsistency(
        model.solver.regularizer.value, parameter.weightDecay)
    {
      return "param: \(mistake)"
    }
    let declaration = parameter.declaration
    if let mistake = declaration.filler.mistake(for: declaration.shape) {
      let filler = type(of: declaration.filler).reference.name
      return "filler \(filler) of its \(declaration.name): \(mistake)"
    }
    guard let number = numbers[parameter.name] else {
      return isComplete
        ? "its \(parameter.declaration.name) is only in the test phase, which does not "
          + "train it" : nil
    }
    let known = parameters[number]
    return known.difference(from: parameter).map {
      "parameter '\(name)' is shared with layer '\(known.owner.quotable)', \($0)"
    }
  }

  // MARK: Scores

  /// Compares losses and metrics with the known facts about the targets.
  private func checkScores(_ diagnostics: inout Diagnostics) {
    for node in nodes where node.bottoms.count > 1 {
      guard let scoring = node.kind.scoring?.classScoring,
        let target = signature.tops[safe: node.bottoms[1]], target.isTarget
      else { continue }
      let scores = scoring.classCount(blobs[node.bottoms[0]].shape)
      if !target.hasClasses, scoring.readsProbabilities(node.bottoms.map { blobs[$0].shape }) {
        continue
      }
      if !target.hasClasses {
        diagnostics.error(
          "\(node.declaration.subject): expected class labels, but the targets of the data are "
            + "numbers", at: node.declaration.node.mark)
      } else if let scores, let classes = target.classes?.count,
        !scoring.covers(classes: classes, scores: scores)
      {
        diagnostics.error(
          "\(node.declaration.subject): \(scores) scores for \(classes) classes; received "
            + chain(to: [node.bottoms[0]]), at: node.declaration.node.mark)
      }
    }
  }

  /// Returns the chain of blobs that leads to each blob, with shapes: `data 20x2 → ip1 20x100`.
  private func chain(to blobs: [Int]) -> String {
    blobs.map { blob in
      var steps: [Int] = []
      var next: Int? = blob
      while let index = next {
        steps.append(index)
        next = self.blobs[index].producer.flatMap { nodes[$0].bottoms.first }
      }
      func text(_ step: Int) -> String {
        "\(self.blobs[step].name.quotable) \(self.blobs[step].shape.description)"
      }
      // The full chain of a deep network would hide the important part.
      let shown =
        steps.count > 8
        ? steps.prefix(7).map(text) + ["…"] + steps.suffix(1).map(text) : steps.map(text)
      return shown.reversed().joined(separator: " → ")
    }.joined(separator: " and ")
  }
}

extension GraphParameter {
  /// Returns the reason why two layers cannot share a parameter. Nil when they can.
  fileprivate func difference(from other: GraphParameter) -> String? {
    let (shape, otherShape) = (declaration.shape, other.declaration.shape)
    if shape != otherShape {
      return "whose shape is \(shape.description), not \(otherShape.description)"
    }
    if rateMultiplier != other.rateMultiplier { return "which has a different lr_mult" }
    if decayMultiplier != other.decayMultiplier { return "which has a different decay_mult" }
    if weightDecay != other.weightDecay { return "which has a different weight_decay" }
    if regularizer?.encoded.json != other.regularizer?.encoded.json {
      return "which has a different regularization_type"
    }
    return nil
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
