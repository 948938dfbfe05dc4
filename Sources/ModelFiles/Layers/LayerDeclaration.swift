package import DataSources
internal import Fields
package import Layers
package import YAML

/// The phases in a model file.
extension DataPhase: FieldChoice {}

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

  /// The blob that stands after the layer; nil if that is not known.
  func standing(after before: Standing?) -> Standing? {
    Standing.after(before, top: tops.last, isLeaf: isLeaf, in: header.phase)
  }

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
  package func mark(ofBottom index: Int) -> Mark {
    guard let bottom = node["bottom"] else { return node.mark }
    guard let items = bottom.items, items.indices.contains(index) else { return bottom.mark }
    return items[index].mark
  }
}
