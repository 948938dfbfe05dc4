package import DataSources
package import Layers
package import Solvers
package import YAML

/// What a layer's mapping states of one of its parameters.
package struct ParameterOptions: FieldOwner, FieldValue {
  /// Parameters of equal name are one.
  package var name: String?
  package var rateMultiplier = 1.0
  package var decayMultiplier = 1.0
  /// In the place of the solver's.
  package var weightDecay: Double?
  package var regularizer: RegularizerField?

  package init() {}

  /// What weights files give a meaning of their own.
  package static let reservedNames = ["__metadata__", "data.mean", "data.deviation"]

  package static let fields: [Field<ParameterOptions>] = [
    .optional(
      "name", \.name, .given(LayerHeader.layerName),
      "A name of its own; layers that give the same name share it."),
    .optional(
      "lr_mult", \.rateMultiplier, .within(0...1e6), "Factor of the learning rate; 0 freezes."),
    .optional("decay_mult", \.decayMultiplier, .within(0...1e6), "Factor of the weight decay."),
    .optional(
      "weight_decay", \.weightDecay, .given(.within(0...1e6)),
      "A weight decay of its own. Default: the solver's."),
    .optional(
      "regularization_type", \.regularizer,
      "A regularizer of its own. Default: the solver's."),
  ]

  package var inconsistency: String? {
    Regularization.inconsistency(regularizer?.value, weightDecay)
  }

  package static var expectation: String {
    "a mapping with " + fields.map(\.name).joined(separator: ", ")
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<ParameterOptions> {
    guard node.pairs != nil else { return .mismatch }
    let options = node.decode(ParameterOptions.self, of: "param", &diagnostics)
    return options.map { .value($0) } ?? .reported
  }

  package var encoded: Node { Node(.mapping(encodedFields)) }
}

/// The factors of a layer's tops in the sum that is minimised: one number for the first, or one for each.
package struct LossWeights: FieldValue, Equatable {
  package let values: [Double]

  package static var expectation: String { "a number, or a list of numbers, one a top" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<LossWeights> {
    switch [Double].decode(node, &diagnostics) {
    case .value(let values): .value(LossWeights(values: values))
    case .mismatch: .mismatch
    case .wrong(let parts): .wrong(parts)
    case .reported: .reported
    }
  }

  package var encoded: Node { values.count == 1 ? values[0].encoded : values.encoded }
}

/// The phases in a model file.
extension DataPhase: FieldChoice {}

/// What every layer's mapping may state, whatever its type.
package struct LayerHeader: FieldOwner {
  package var name = ""
  package var bottoms: [String]?
  package var tops: [String]?
  package var phase: DataPhase?
  package var lossWeights: LossWeights?
  /// Reports the mean of the top as a metric.
  package var metric: MetricDirection?
  /// By bottom.
  package var propagatesDown: [Bool]?
  package var parameters: [ParameterOptions]?

  package init() {}

  package static let fields: [Field<LayerHeader>] = [
    .required("name", \.name, layerName, "Name of the layer, by which messages and files call it."),
    .optional(
      "bottom", \.bottoms, .given(.each(layerName)),
      "Blobs that are read. Default: the layer before; of a loss or metric the last one that is "
        + "none, and 'label'; none of a layer that reads none."),
    .optional(
      "top", \.tops, .given(.each(layerName)), "Blobs that are made. Default: the layer's name."),
    .optional("phase", \.phase, "The only phase in which the layer is there. Default: both."),
    .optional(
      "loss_weight", \.lossWeights, .given(lossWeights),
      "Factor of the first top, or of each, in the sum that is minimised: of a loss its value, of "
        + "another layer the sum of the top's values. Default: 1 for a loss, none for others."),
    .optional(
      "metric", \.metric,
      "Tests report the mean of the first top's values as a metric: max where greater values are "
        + "better, min where less are. Default: no metric, but for a layer of the test phase that "
        + "has a loss_weight, or that depends on the label and is read by none."),
    .optional(
      "propagate_down", \.propagatesDown,
      "Whether a bottom gets a gradient of this layer: one of all, or one a bottom. Default: it does "
        + "where it depends on a parameter that is trained."),
    .optional(
      "param", \.parameters,
      "One mapping a parameter: "
        + "\(ParameterOptions.fields.map(\.name).joined(separator: ", "))."),
  ]

  private static let lossWeights = Constraint<LossWeights>(
    "a number from -1000000 to 1000000, or a list of them, one a top"
  ) { !$0.values.isEmpty && $0.values.allSatisfy { (-1e6...1e6).contains($0) } }

  static let layerName = Constraint<String>("a name of 1 to 200 printable characters") {
    (1...200).contains($0.count) && $0.escapingControls == $0
  }
}

/// One layer of a model file's `network:`.
package struct LayerDeclaration: Sendable {
  package let header: LayerHeader
  package var layer: any Layer
  /// The mapping that it was read from.
  package let node: Node
  /// What is wrong with it, and was reported.
  package let flaw: Flaw?
  /// Whether its only top is a metric because it depends on the labels, and no layer of the test phase reads it.
  package internal(set) var isUnreadReport = false

  /// How much of a layer could not be read.
  package enum Flaw: Sendable {
    /// Its own fields, so that nothing is known of its shapes.
    case fields
    /// Its type, so that it may be a loss.
    case type
    /// What every layer has: its name, what it reads and makes, when it is there.
    case header
  }

  package var name: String { header.name }
  /// The blobs that it makes.
  package var tops: [String] { header.tops ?? (layer.hasTops && !name.isEmpty ? [name] : []) }
  /// The tops whose number is minimised or reported: of a loss or metric the first, and of any layer but a metric those
  /// with a weight. Without a weight they are metrics.
  package var scoredTops: [(index: Int, weight: Double?)] {
    let weights = header.lossWeights?.values ?? []
    if layer.kind.scoring == nil, header.phase == .test || header.metric != nil {
      if weights.isEmpty {
        return !tops.isEmpty && (header.metric != nil || isUnreadReport) ? [(0, nil)] : []
      }
      // Nothing is minimised in a test.
      return tops.indices.prefix(weights.count).map { ($0, nil) }
    }
    return tops.indices.compactMap { index in
      let weight = weights.indices.contains(index) ? weights[index] : nil
      guard index == 0, layer.kind.scoring != nil else {
        return weight.map { (index, $0) }
      }
      return (index, layer.kind.loss != nil ? weight ?? 1 : nil)
    }
  }

  /// Which values of its metric are better; nil if that is not known, and for a loss.
  package var metricDirection: MetricDirection? {
    layer.kind.metric.map { MetricDirection(isBetterWhenGreater: $0.isBetterWhenGreater) }
      ?? header.metric
  }

  /// Whether a layer after it reads something else by default: after a loss or metric, also one that `metric` declares.
  package var isLeaf: Bool { layer.kind.scoring != nil || header.metric != nil }

  /// Whether its top is a metric of the file's own, whose mean tests report.
  package var isOwnMetric: Bool {
    layer.kind.scoring == nil && scoredTops.contains { $0.weight == nil }
  }

  /// Whether a bottom may get a gradient of the layer.
  package func propagates(toBottom index: Int) -> Bool {
    guard let list = header.propagatesDown else { return true }
    return list.indices.contains(index) ? list[index] : list.first ?? true
  }

  /// Whether any top is minimised.
  package var isMinimised: Bool { scoredTops.contains { $0.weight != nil } }
  /// Whether any top changes the sum that is minimised: a weight of 0 takes its part out.
  package var isWeighed: Bool { scoredTops.contains { ($0.weight ?? 0) != 0 } }

  /// The same, or that it is not known.
  package var mayBeMinimised: Bool { isMinimised || flaw == .type || flaw == .header }

  package var typeName: String { type(of: layer).reference.name }
  /// As messages call it.
  package var subject: String {
    "layer '\(name.quotable)'" + (layer is UnreadLayer ? "" : " (\(typeName))")
  }

  /// Reads the common fields and the type's own. What is wrong is reported, and as much is kept as
  /// can be read; nil for what is no mapping.
  ///
  /// - Parameter before: the blob that a layer without `bottom` reads there; nil if it is not known.
  static func decode(
    _ node: Node, after before: Standing?, _ diagnostics: inout Diagnostics
  ) -> LayerDeclaration? {
    let name = node["name"]?.scalar.map { "layer '\($0.text.quotable)'" } ?? "layer"
    guard var reader = FieldReader(node, of: name, &diagnostics) else { return nil }
    // What the expansion of blocks took out of the mapping; known, so that it can be suggested.
    reader.allow(["type", "block", "repeat", "when"])
    var header = LayerHeader()
    reader.read(into: &header, &diagnostics)
    let isKnown = node.isKnown
    let hasHeader = reader.isValid && LayerDeclaration.hasKnownHeader(node)
    guard let entry = LayerCatalog.all.entry(of: node, subject: name, &diagnostics) else {
      return LayerDeclaration(
        header: header, layer: UnreadLayer(), node: node, flaw: hasHeader ? .type : .header)
    }
    var layer = entry.decode(&reader, &diagnostics)
    if reader.isValid {
      reader.report(layer.idleFields(bottomCount: header.bottoms?.count ?? 1), &diagnostics)
    }
    reader.finish(&diagnostics)
    let errors = diagnostics.errorCount
    var isSound = reader.isValid && isKnown
    if isSound, var naming = layer as? any BottomNaming {
      if header.bottoms != nil || before != nil {
        let names = header.bottoms ?? before?.name(in: header.phase).map { [$0] }
        naming.takeNames(ofBottoms: names, &diagnostics)
        layer = naming
      } else {
        isSound = false
      }
    }
    if let mistake = metricMistake(header, layer) {
      diagnostics.error("\(name): \(mistake)", at: node["metric"]?.mark ?? node.mark)
    } else if let mistake = weightMistake(header, layer) {
      diagnostics.error("\(name): \(mistake)", at: node["loss_weight"]?.mark ?? node.mark)
    }
    isSound = isSound && diagnostics.errorCount == errors
    return LayerDeclaration(
      header: header, layer: layer, node: node,
      flaw: !hasHeader ? .header : isSound ? nil : .fields)
  }

  /// Whether nothing that every layer may state has a value that is not known.
  private static func hasKnownHeader(_ node: Node) -> Bool {
    LayerHeader.fields.allSatisfy { node[$0.name]?.isKnown ?? true }
  }

  /// Why the layer cannot have its `metric`; nil if it can.
  private static func metricMistake(_ header: LayerHeader, _ layer: any Layer) -> String? {
    guard header.metric != nil else { return nil }
    if layer.kind.scoring != nil {
      let kind = layer.kind.loss != nil ? "loss" : "metric"
      return "metric: \(type(of: layer).reference.name) is a \(kind) that tests report already"
    }
    guard layer.hasTops else { return "metric: the layer makes no top to report" }
    if header.phase == .train {
      return "metric: tests report metrics, and the layer is there in the train phase only"
    }
    return header.lossWeights == nil
      ? nil : "metric: expected either metric or loss_weight, received both"
  }

  /// Why the layer cannot have its `loss_weight`; nil if it can.
  private static func weightMistake(_ header: LayerHeader, _ layer: any Layer) -> String? {
    guard let weights = header.lossWeights?.values else { return nil }
    if layer.kind.metric != nil {
      return "loss_weight minimises, and \(type(of: layer).reference.name) is only reported"
    }
    guard layer.hasTops else { return "loss_weight: the layer makes no top to minimise" }
    let topCount = header.tops?.count ?? 1
    guard weights.count > topCount else { return nil }
    return
      "loss_weight: expected at most \(topCount) number\(topCount == 1 ? "" : "s"), one a top, "
      + "received \(weights.count)"
  }

  package var encoded: Node {
    // The name, then the type, then the rest of both.
    var pairs = header.encodedFields
    let idle = layer.idleFields(bottomCount: header.bottoms?.count ?? 1).map(\.name)
    let entry = layer.encodedEntry.filter { !idle.contains($0.key.scalar?.text ?? "") }
    pairs.insert(contentsOf: entry.prefix(1), at: 1)
    return Node(.mapping(pairs + entry.dropFirst()))
  }

  /// Where the file states bottom `index`; the layer's place where it states none.
  func mark(ofBottom index: Int) -> Mark {
    guard let bottom = node["bottom"] else { return node.mark }
    guard let items = bottom.items, items.indices.contains(index) else { return bottom.mark }
    return items[index].mark
  }
}
