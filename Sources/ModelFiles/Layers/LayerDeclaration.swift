internal import DataFiles
internal import Fields
package import Layers
package import YAML

/// The phases that a model file can name.
extension DataPhase: FieldChoice {}

/// One layer of a model file's `network:`.
package struct LayerDeclaration: Sendable {
  package let header: LayerHeader
  package var layer: any Layer
  /// The mapping that states the layer.
  package let node: Node
  /// The part of the layer that could not be read. The mistake has been reported.
  package let flaw: Flaw?
  /// Whether the layer's only top counts as a metric: it depends on the labels, and no layer of the
  /// test phase reads it.
  package internal(set) var isUnreadReport = false

  /// The part of a layer that could not be read.
  package enum Flaw: Sendable {
    /// The layer's own fields. Its shapes are unknown.
    case fields
    /// The layer's type. The layer may be a loss.
    case type
    /// The fields of every layer: its name, bottoms, tops and phase.
    case header
  }

  package var name: String { header.name }
  /// The blobs that the layer makes.
  package var tops: [String] { header.tops ?? (layer.hasTops && !name.isEmpty ? [name] : []) }
  /// The tops whose value is minimised or reported.
  ///
  /// These are the first top of a loss or of a layer that serves as a metric, and every top with a
  /// loss weight. The weight of a metric is nil.
  package var scoredTops: [(index: Int, weight: Double?)] {
    let weights = header.lossWeights?.values ?? []
    if layer.kind.scoring == nil, header.phase == .test || header.metric != nil {
      if weights.isEmpty {
        return !tops.isEmpty && (header.metric != nil || isUnreadReport) ? [(0, nil)] : []
      }
      // Tests do not minimise anything.
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

  /// Which values of the layer's metric are better. Nil for a loss, and when the direction is
  /// unknown.
  package var metricDirection: MetricDirection? {
    layer.kind.metric.map { MetricDirection(isBetterWhenGreater: $0.isBetterWhenGreater) }
      ?? header.metric
  }

  /// Whether the next layer ignores the top by default: true for losses, metrics and layers with
  /// `metric`.
  package var isLeaf: Bool { layer.kind.scoring != nil || header.metric != nil }

  /// Returns the default blob after the layer. Nil when it is unknown.
  func defaultBlob(after before: DefaultBlob?) -> DefaultBlob? {
    DefaultBlob.after(before, top: tops.last, isLeaf: isLeaf, in: header.phase)
  }

  /// Whether the layer's top is a metric although the layer's type is not. Tests report the mean of
  /// the top.
  package var isOwnMetric: Bool {
    layer.kind.scoring == nil && scoredTops.contains { $0.weight == nil }
  }

  /// Returns whether the layer may pass a gradient to a bottom.
  package func propagates(toBottom index: Int) -> Bool {
    guard let list = header.propagatesDown else { return true }
    return list.indices.contains(index) ? list[index] : list.first ?? true
  }

  /// Whether training minimises a top of the layer.
  package var isMinimised: Bool { scoredTops.contains { $0.weight != nil } }
  /// Whether a top of the layer changes the objective. A weight of 0 removes a top from it.
  package var isWeighed: Bool { scoredTops.contains { ($0.weight ?? 0) != 0 } }

  /// Whether training minimises a top of the layer, or this is unknown.
  package var mayBeMinimised: Bool { isMinimised || flaw == .type || flaw == .header }

  /// The name of the type in the catalogue. Empty for an unknown type.
  package var typeName: String { type(of: layer).reference.name }
  /// The phrase that names the layer in messages.
  package var subject: String {
    "layer '\(name.quotable)'" + (typeName.isEmpty ? "" : " (\(typeName))")
  }

  /// Reads the common fields and the type's own fields. Reports mistakes, and keeps all fields that
  /// can be read.
  ///
  /// - Parameter before: the default blob before the layer. Nil when it is unknown.
  /// - Returns: nil for a node that is not a mapping.
  static func decode(
    _ node: Node, after before: DefaultBlob?, _ diagnostics: inout Diagnostics
  ) -> LayerDeclaration? {
    let name = node["name"]?.scalar.map { "layer '\($0.text.quotable)'" } ?? "layer"
    guard var reader = FieldReader(node, of: name, &diagnostics) else { return nil }
    // The expansion of blocks has removed these fields. They are allowed here so that messages can
    // suggest them.
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
    if isSound, layer.namesBottoms {
      if header.bottoms != nil || before != nil {
        let names = header.bottoms ?? before?.name(in: header.phase).map { [$0] }
        layer.takeNames(ofBottoms: names, &diagnostics)
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

  /// Returns whether the values of all fields that every layer has are known.
  private static func hasKnownHeader(_ node: Node) -> Bool {
    LayerHeader.fields.allSatisfy { node[$0.name]?.isKnown ?? true }
  }

  /// Returns the reason why the layer cannot have its `metric`. Nil when it can.
  private static func metricMistake(_ header: LayerHeader, _ layer: any Layer) -> String? {
    guard header.metric != nil else { return nil }
    if layer.kind.scoring != nil {
      let kind = layer.kind.loss != nil ? "loss" : "metric"
      return "metric: \(type(of: layer).reference.name) is a \(kind), which tests already report"
    }
    guard layer.hasTops else { return "metric: the layer has no top to report" }
    if header.phase == .train {
      return "metric: tests report metrics, but the layer is only in the train phase"
    }
    return header.lossWeights == nil
      ? nil : "metric: expected either metric or loss_weight, received both"
  }

  /// Returns the reason why the layer cannot have its `loss_weight`. Nil when it can.
  private static func weightMistake(_ header: LayerHeader, _ layer: any Layer) -> String? {
    guard let weights = header.lossWeights?.values else { return nil }
    if layer.kind.metric != nil {
      return "loss_weight: \(type(of: layer).reference.name) is a metric, which is not minimised"
    }
    guard layer.hasTops else { return "loss_weight: the layer has no top to minimise" }
    let topCount = header.tops?.count ?? 1
    guard weights.count > topCount else { return nil }
    return
      "loss_weight: expected at most \(topCount) number\(topCount == 1 ? "" : "s"), one for each "
      + "top, received \(weights.count)"
  }

  package var encoded: Node {
    // The name comes first, then the type, then the other fields of both.
    var pairs = header.encodedFields
    let idle = layer.idleFields(bottomCount: header.bottoms?.count ?? 1).map(\.name)
    let entry = layer.encodedEntry.filter { !idle.contains($0.key.scalar?.text ?? "") }
    pairs.insert(contentsOf: entry.prefix(1), at: 1)
    return Node(.mapping(pairs + entry.dropFirst()))
  }

  /// Returns the place of bottom `index` in the file. Without a stated bottom, it is the layer's
  /// place.
  package func mark(ofBottom index: Int) -> Mark {
    guard let bottom = node["bottom"] else { return node.mark }
    guard let items = bottom.items, items.indices.contains(index) else { return bottom.mark }
    return items[index].mark
  }
}
