internal import DataSources
internal import Layers
internal import Tensors
internal import YAML

/// Builds a ``Graph`` layer by layer, reporting what does not fit.
///
/// Layers are taken in the order of the file, each as soon as all of its bottoms are there; so a
/// file may list them in any order, and a top that repeats a bottom's name (Caffe's computation in
/// place) is a new blob of that name for the layers listed after.
struct GraphBuilder {
  let model: ModelFile
  let phase: DataPhase
  let signature: DataSignature
  let batchSize: Int
  private(set) var blobs: [Graph.Blob] = []
  private(set) var nodes: [Graph.Node] = []
  private(set) var parameters: [GraphParameter] = []
  /// True where a parameter that is not known yet would never be trained.
  private let isComplete: Bool
  /// The blob that a name means now.
  private var current: [String: Int] = [:]
  private var makers: [String: LayerDeclaration] = [:]

  /// - Parameter known: the parameters of the train phase; nil while it is built.
  init(
    model: ModelFile, phase: DataPhase, signature: DataSignature, batchSize: Int,
    known: [GraphParameter]?
  ) {
    isComplete = known != nil
    parameters = known ?? []
    self.model = model
    self.phase = phase
    self.signature = signature
    self.batchSize = batchSize
  }

  /// A layer whose names are known and whose turn has not come.
  private struct Pending {
    let declaration: LayerDeclaration
    let bottoms: [String]
    let tops: [String]
  }

  mutating func build(_ diagnostics: inout Diagnostics) -> Bool {
    guard addData(&diagnostics) else { return false }
    let before = diagnostics.errorCount
    var pending = wire(model.network.filter { $0.header.phase == nil || $0.header.phase == phase })
    while let next = pending.firstIndex(where: { $0.bottoms.allSatisfy { current[$0] != nil } }) {
      // What depends on a layer that does not fit cannot be judged.
      guard add(pending.remove(at: next), &diagnostics) else { return false }
    }
    reportUnreachable(pending, &diagnostics)
    checkScores(&diagnostics)
    return diagnostics.errorCount == before
  }

  private mutating func addData(_ diagnostics: inout Diagnostics) -> Bool {
    guard let data = Shape(checking: [batchSize] + signature.inputShape.axes),
      let label = Shape(checking: [batchSize] + (signature.targetShape?.axes ?? []))
    else {
      diagnostics.error(
        "batch_size: \(batchSize) examples of \(signature.inputShape.description) are too many values to count",
        at: .none)
      return false
    }
    for (name, shape) in [("data", data), ("label", label)] {
      current[name] = blobs.count
      blobs.append(Graph.Blob(name: name, shape: shape, producer: nil))
    }
    return true
  }

  /// Gives every layer its bottoms and tops, by the defaults where the file states none.
  private func wire(_ layers: [LayerDeclaration]) -> [Pending] {
    var last = "data"
    return layers.map { declaration in
      let tops = declaration.header.tops ?? [declaration.name]
      let isScoring = declaration.layer is any Scoring
      let bottoms = declaration.header.bottoms ?? (isScoring ? [last, "label"] : [last])
      if !isScoring { last = tops.last ?? last }
      return Pending(declaration: declaration, bottoms: bottoms, tops: tops)
    }
  }

  /// Adds a layer whose bottoms are there; false if it does not fit.
  private mutating func add(_ layer: Pending, _ diagnostics: inout Diagnostics) -> Bool {
    let declaration = layer.declaration
    let bottoms = layer.bottoms.compactMap { current[$0] }
    let expected = declaration.layer.inputCount
    guard expected.contains(bottoms.count) else {
      let count =
        expected.count == 1
        ? "\(expected.lowerBound)" : "\(expected.lowerBound) to \(expected.upperBound)"
      diagnostics.error(
        "\(declaration.subject): expected \(count) bottom\(expected.upperBound == 1 ? "" : "s"), received \(bottoms.count)",
        at: declaration.node["bottom"]?.mark ?? declaration.node.mark)
      return false
    }
    for (index, blob) in bottoms.enumerated() where blobs[blob].shape.rank == 0 {
      diagnostics.error(
        "\(declaration.subject): bottom '\(layer.bottoms[index].quotable)' is the number of a loss or metric, "
          + "which no layer reads", at: declaration.mark(ofBottom: index))
      return false
    }
    let inputs = bottoms.map { blobs[$0].shape }
    let outputs: [Shape]
    do throws(ShapeFailure) {
      outputs = try declaration.layer.outputShapes(inputs)
    } catch {
      diagnostics.error(
        "\(declaration.subject): \(error.message); received \(chain(to: bottoms))",
        at: declaration.node.mark)
      return false
    }
    guard layer.tops.count == outputs.count else {
      diagnostics.error(
        "\(declaration.subject): expected \(outputs.count) top\(outputs.count == 1 ? "" : "s"), received \(layer.tops.count)",
        at: declaration.node["top"]?.mark ?? declaration.node.mark)
      return false
    }
    guard let parameters = addParameters(of: declaration, inputs, &diagnostics) else {
      return false
    }
    for (top, shape) in zip(layer.tops, outputs) {
      if let maker = makers[top] ?? (top == "data" || top == "label" ? declaration : nil),
        !layer.bottoms.contains(top)
      {
        let note =
          makers[top] == nil
          ? [] : [Diagnostic.Note("made here by '\(maker.name.quotable)'", at: maker.node.mark)]
        diagnostics.error(
          "\(declaration.subject): top '\(top.quotable)' is made already",
          at: declaration.node.mark,
          notes: note)
        return false
      }
      current[top] = blobs.count
      makers[top] = declaration
      blobs.append(Graph.Blob(name: top, shape: shape, producer: nodes.count))
    }
    let tops = Array(blobs.indices.suffix(outputs.count))
    nodes.append(
      Graph.Node(declaration: declaration, bottoms: bottoms, tops: tops, parameters: parameters))
    return true
  }

  /// Numbers the layer's parameters; those that share a name with an earlier one become the same.
  private mutating func addParameters(
    of layer: LayerDeclaration, _ inputs: [Shape], _ diagnostics: inout Diagnostics
  ) -> [Int]? {
    let declarations = layer.layer.parameters(inputs)
    let options = layer.header.parameters ?? []
    guard options.count <= declarations.count else {
      diagnostics.error(
        "\(layer.subject): expected at most \(declarations.count) items (\(declarations.map(\.name).joined(separator: ", "))), "
          + "received \(options.count)", at: layer.node["param"]?.mark ?? layer.node.mark)
      return nil
    }
    var numbers: [Int] = []
    for (index, declaration) in declarations.enumerated() {
      let option = index < options.count ? options[index] : ParameterOptions()
      let mark = layer.node["param"]?.items?[safe: index]?.mark ?? layer.node.mark
      let parameter = GraphParameter(
        name: option.name ?? "\(layer.name).\(declaration.name)", declaration: declaration,
        rateMultiplier: option.rateMultiplier, decayMultiplier: option.decayMultiplier,
        owner: layer.name)
      guard let number = parameters.firstIndex(where: { $0.name == parameter.name }) else {
        if isComplete {
          diagnostics.error(
            "\(layer.subject): its \(declaration.name) is there in the test phase only, where nothing trains it",
            at: mark)
          return nil
        }
        numbers.append(parameters.count)
        parameters.append(parameter)
        continue
      }
      if let difference = parameters[number].difference(from: parameter) {
        diagnostics.error(
          "\(layer.subject): parameter '\(parameter.name.quotable)' is shared with layer "
            + "'\(parameters[number].owner.quotable)', \(difference)", at: mark)
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }

  private func reportUnreachable(_ pending: [Pending], _ diagnostics: inout Diagnostics) {
    let made = Set(pending.flatMap(\.tops))
    var isExplained = false
    for layer in pending {
      for (index, bottom) in layer.bottoms.enumerated()
      where current[bottom] == nil && !made.contains(bottom) {
        isExplained = true
        diagnostics.error(
          "\(layer.declaration.subject): bottom '\(bottom.quotable)' is made by no layer"
            + (phase == .test ? " of the test phase" : ""),
          at: layer.declaration.mark(ofBottom: index),
          suggestion: (current.keys.sorted() + pending.flatMap(\.tops)).nearest(to: bottom))
      }
    }
    if let first = pending.first, !isExplained {
      let names = pending.map { "'\($0.declaration.name.quotable)'" }.joined(separator: ", ")
      diagnostics.error(
        "the layers \(names) wait for each other: a network has no cycles",
        at: first.declaration.node.mark)
    }
  }

  /// Losses and metrics against what is known of the targets.
  private func checkScores(_ diagnostics: inout Diagnostics) {
    if phase == .train, !nodes.contains(where: { $0.layer is any Loss }), !nodes.isEmpty {
      diagnostics.error(
        "network: no loss in the train phase: expected a layer such as SoftmaxWithLoss or EuclideanLoss",
        at: model.network[0].node.mark)
    }
    for node in nodes where node.bottoms.count == 2 && node.bottoms[1] == Graph.labelBlob {
      guard let axis = (node.layer as? any ClassScoring)?.axis else { continue }
      let scores = blobs[node.bottoms[0]].shape
      if signature.targetShape != nil {
        diagnostics.error(
          "\(node.declaration.subject): expected class labels, but the target of the data is numbers",
          at: node.declaration.node.mark)
      } else if let axis = scores.axis(axis), let classes = signature.classes?.count,
        scores[axis] < classes
      {
        diagnostics.error(
          "\(node.declaration.subject): \(scores[axis]) scores for \(classes) classes; received \(chain(to: [node.bottoms[0]]))",
          at: node.declaration.node.mark)
      }
    }
  }

  /// The layers that produced the blobs, with their shapes: `data 20x2 → ip1 20x100`.
  private func chain(to blobs: [Int]) -> String {
    blobs.map { blob in
      var steps: [String] = []
      var next: Int? = blob
      while let index = next {
        let blob = self.blobs[index]
        steps.append("\(blob.name.quotable) \(blob.shape.description)")
        next = blob.producer.flatMap { nodes[$0].bottoms.first }
      }
      // The whole of a deep network would hide what matters.
      let shown = steps.count > 8 ? steps.prefix(7) + ["…"] + steps.suffix(1) : steps[...]
      return shown.reversed().joined(separator: " → ")
    }.joined(separator: " and ")
  }
}

extension GraphParameter {
  /// Why two users cannot share a parameter; nil if they can.
  fileprivate func difference(from other: GraphParameter) -> String? {
    if declaration.shape != other.declaration.shape {
      return
        "whose shape is \(declaration.shape.description) and not \(other.declaration.shape.description)"
    }
    if rateMultiplier != other.rateMultiplier { return "which has another lr_mult" }
    if decayMultiplier != other.decayMultiplier { return "which has another decay_mult" }
    return nil
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
