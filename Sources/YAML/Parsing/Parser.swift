/// Builds nodes from libyaml's events. Expands aliases, merges mappings, and checks keys, tags and
/// limits.
///
/// A semantic mistake (a duplicate key, an undefined alias, an unknown tag) is reported, and
/// reading continues without the node. A syntax error or an exceeded limit ends the reading.
struct Parser: ~Copyable {
  private let events: EventStream
  let source: SourceText
  private(set) var diagnostics = Diagnostics()
  private var nodeCount = 0
  /// The index in `anchors` of each name. Only used for lookups, since a dictionary has no order.
  private var anchorPlaces: [String: Int] = [:]
  private var anchors: [Anchor] = []
  /// The first anchor names, in the order of the file. They are candidates for suggestions.
  private var anchorNames: [String] = []

  /// Ends the reading. The reason is already reported.
  struct Stop: Error {}

  /// The result of reading one node.
  struct Subtree {
    /// Nil if the node is wrong. The mistake is already reported.
    var node: Node?
    /// The nesting depth of collections. 0 for a scalar.
    var height: Int
  }

  /// An anchored node.
  private struct Anchor {
    /// The node, or an empty node with its mark while it is being read.
    var node: Node?
    /// The number of scalars and collections, with aliases expanded. 0 while the node is being
    /// read.
    var nodeCount: UInt32
    var height: UInt8
  }

  private init(_ events: consuming EventStream, of source: SourceText) {
    self.events = events
    self.source = source
  }

  static func parse(_ text: DecodedText) throws(Diagnostics) -> Node {
    var diagnostics = text.faults
    if let hazard = text.hazard {
      diagnostics.report(hazard)
      throw diagnostics
    }
    let (root, found) = EventStream.read(text.readable) { events in
      var parser = Parser(events, of: text.source)
      let root = parser.document()
      return (root, parser.diagnostics)
    }
    diagnostics.merge(found)
    guard let root, !diagnostics.hasErrors else { throw diagnostics }
    return root
  }

  private mutating func document() -> Node? {
    do throws(Stop) {
      var (event, mark) = try next()
      while event.isBeginning { (event, mark) = try next() }
      if event.isNothing {
        report(Diagnostic("the document is empty", at: mark))
        return nil
      }
      let root = try subtree(event, at: mark, depth: 1)
      (_, mark) = try next()
      expectEnd(at: mark)
      return root.node
    } catch {
      return nil
    }
  }

  /// Reports text after the document, except blanks, comments and `...`.
  private mutating func expectEnd(at mark: Mark) {
    guard let offset = source.firstText(line: mark.line, column: mark.column) else { return }
    let next = source.mark(at: offset)
    let rest = source.text.utf8.dropFirst(offset)
    let isDocument = next.column == 1 && (rest.starts(with: "---".utf8) || rest.first == 0x25)
    report(
      Diagnostic(
        isDocument
          ? "a second document begins here; a file contains one"
          : "unexpected text after the end of the document", at: next))
  }

  mutating func next() throws(Stop) -> (event: Event, mark: Mark) {
    do throws(SyntaxFailure) {
      let (event, position) = try events.next()
      return (event, Mark(source: source, line: position.line, column: position.column))
    } catch {
      let diagnostic = source.prototxtDiagnostic ?? error.diagnostic(in: source)
      report(diagnostic)
      throw Stop()
    }
  }

  mutating func report(_ diagnostic: @autoclosure () -> Diagnostic) {
    if diagnostics.isFull { diagnostics.omitErrors(1) } else { diagnostics.report(diagnostic()) }
  }

  /// Reads the node that begins with `event`.
  ///
  /// - Parameter depth: the depth of the node if it is a collection. The root has depth 1.
  mutating func subtree(_ event: Event, at mark: Mark, depth: Int) throws(Stop) -> Subtree {
    switch event {
    case .alias(let name):
      return try alias(name, at: mark, depth: depth)
    case .scalar(let scalar, let properties):
      try countNodes(1, at: mark)
      let before = nodeCount - 1
      let place = try open(properties.anchor, at: mark)
      let subtree = Subtree(
        node: checked(scalar, tag: properties.tag, at: mark).map { Node(.scalar($0), at: mark) },
        height: 0)
      close(place, at: mark, subtree, nodeCount: nodeCount - before)
      return subtree
    case .sequenceStart(let properties), .mappingStart(let properties):
      try countNodes(1, at: mark)
      guard depth <= Limits.depth else {
        report(Diagnostic("nested more than \(Limits.depth) deep", at: mark))
        throw Stop()
      }
      let before = nodeCount - 1
      let place = try open(properties.anchor, at: mark)
      var subtree: Subtree
      if case .sequenceStart = event {
        subtree = try sequence(at: mark, depth: depth)
        checkTag(properties.tag, isFor: "seq", at: mark, &subtree)
      } else {
        subtree = try mapping(at: mark, depth: depth)
        checkTag(properties.tag, isFor: "map", at: mark, &subtree)
      }
      close(place, at: mark, subtree, nodeCount: nodeCount - before)
      return subtree
    case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
      report(Diagnostic("expected a value", at: mark))
      throw Stop()
    }
  }

  private mutating func sequence(at mark: Mark, depth: Int) throws(Stop) -> Subtree {
    var items: [Node] = []
    var height = 0
    while true {
      let (event, itemMark) = try next()
      if case .sequenceEnd = event {
        return Subtree(node: Node(.sequence(items), at: mark), height: height + 1)
      }
      let item = try subtree(event, at: itemMark, depth: depth + 1)
      height = max(height, item.height)
      if let node = item.node { items.append(node) }
    }
  }

  private mutating func countNodes(_ count: Int, at mark: Mark, of alias: String? = nil)
    throws(Stop)
  {
    nodeCount += count
    guard nodeCount > Limits.nodes else { return }
    let cause = alias.map { ", including the nodes of the alias '*\($0.quotable)'" } ?? ""
    report(Diagnostic("the document has more than \(Limits.nodes) nodes\(cause)", at: mark))
    throw Stop()
  }
}

extension Parser {
  private mutating func alias(_ name: String, at mark: Mark, depth: Int) throws(Stop) -> Subtree {
    guard let place = anchorPlaces[name] else {
      let suggestion = diagnostics.isFull ? nil : anchorNames.nearest(to: name).map { "*\($0)" }
      report(
        Diagnostic(
          "undefined alias '*\(name.quotable)': no anchor '&\(name.quotable)' precedes it",
          at: mark, suggestion: suggestion))
      return Subtree(node: nil, height: 0)
    }
    let anchor = anchors[place]
    guard anchor.nodeCount > 0 else {
      report(
        Diagnostic(
          "the alias '*\(name.quotable)' is inside the node that it refers to", at: mark,
          notes: anchor.node.map { [Diagnostic.Note("the node begins here", at: $0.mark)] } ?? []))
      return Subtree(node: nil, height: 0)
    }
    // Both numbers are within the limit, so their sum cannot overflow.
    try countNodes(Int(anchor.nodeCount), at: mark, of: name)
    guard depth - 1 + Int(anchor.height) <= Limits.depth else {
      report(
        Diagnostic(
          "nested more than \(Limits.depth) deep, including the nodes of the alias "
            + "'*\(name.quotable)'", at: mark))
      return Subtree(node: nil, height: 0)
    }
    return Subtree(node: anchor.node, height: Int(anchor.height))
  }

  /// Registers the name for a node that is still being read.
  private mutating func open(_ name: String?, at mark: Mark) throws(Stop) -> Int? {
    guard let name else { return nil }
    let anchor = Anchor(node: Node(.sequence([]), at: mark), nodeCount: 0, height: 0)
    if let place = anchorPlaces[name] {
      anchors[place] = anchor
      return place
    }
    guard anchors.count < Limits.anchors else {
      report(Diagnostic("the document has more than \(Limits.anchors) anchors", at: mark))
      throw Stop()
    }
    if anchorNames.count < 1000 { anchorNames.append(name) }
    anchorPlaces[name] = anchors.count
    anchors.append(anchor)
    return anchors.count - 1
  }

  private mutating func close(_ place: Int?, at mark: Mark, _ subtree: Subtree, nodeCount: Int) {
    // A node inside this one may have redefined the name. The later definition wins.
    guard let place, anchors[place].nodeCount == 0, let open = anchors[place].node,
      open.mark.line == mark.line, open.mark.column == mark.column
    else { return }
    anchors[place] = Anchor(
      node: subtree.node, nodeCount: UInt32(nodeCount), height: UInt8(subtree.height))
  }
}

extension Event {
  fileprivate var isBeginning: Bool {
    switch self {
    case .streamStart, .documentStart: true
    default: false
    }
  }

  /// Whether the event ends the stream, or represents a document without a node.
  fileprivate var isNothing: Bool {
    switch self {
    case .streamEnd: true
    case .scalar(let scalar, let properties):
      scalar.text.isEmpty && scalar.style == .plain && properties.anchor == nil
        && properties.tag == nil
    default: false
    }
  }
}

extension SourceText {
  /// The offset of the first text at or after a position. Blanks, comments and `...` lines are
  /// skipped.
  fileprivate func firstText(line: Int, column: Int) -> Int? {
    guard var offset = offset(line: line, column: column) else { return nil }
    let bytes = text.utf8Span.span
    while offset < bytes.count {
      if bytes.isBlank(at: offset) {
        offset += 1
      } else if bytes[offset] == UInt8(ascii: "#") {
        while offset < bytes.count, !bytes.isBreak(at: offset) { offset += 1 }
      } else if bytes.isDocumentEnd(at: offset) {
        offset += 3
      } else {
        return offset
      }
    }
    return nil
  }
}

extension Span<UInt8> {
  /// Whether the byte belongs to a space, a tab or a line break.
  func isBlank(at offset: Int) -> Bool {
    switch self[offset] {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
    case 0xC2, 0xE2: isBreak(at: offset)
    case 0x80: offset >= 1 && self[offset - 1] == 0xE2 && isBreak(at: offset - 1)
    default: endsWideBreak(at: offset)
    }
  }

  fileprivate func isDocumentEnd(at offset: Int) -> Bool {
    offset + 2 < count && (0..<3).allSatisfy { self[offset + $0] == UInt8(ascii: ".") }
      && (offset == 0 || isBreakEnd(at: offset - 1))
      && (offset + 3 == count || isBlank(at: offset + 3))
  }

  private func isBreakEnd(at offset: Int) -> Bool {
    switch self[offset] {
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
    default: endsWideBreak(at: offset)
    }
  }
}
