internal import YAML

/// All blocks of a file, by name. No block calls itself, directly or through other blocks.
struct BlockTable {
  private var definitions: [String: BlockDefinition] = [:]
  /// All names in the order of the file, including those of wrong blocks.
  private(set) var names: [String] = []
  /// Blocks that cannot be expanded: they are wrong, form a cycle, or call such a block.
  private var brokenNames: Set<String> = []

  /// The maximum length of a chain of blocks that call each other.
  static let depthLimit = 64

  init() {}

  init(
    _ node: Node, _ scope: Scope, _ substitution: inout Substitution,
    _ diagnostics: inout Diagnostics
  ) {
    guard let pairs = node.pairs else {
      diagnostics.error(
        "blocks: expected a mapping of names to blocks, received \(node.received)", at: node.mark)
      return
    }
    for pair in pairs {
      let name = pair.key.scalar?.text ?? ""
      names.append(name)
      let definition = BlockDefinition(pair, scope, &substitution, &diagnostics)
      definitions[name] = definition
      if !(definition?.isSound ?? false) { brokenNames.insert(name) }
    }
    checkCalls(&diagnostics)
  }

  /// The block that a call's name refers to.
  enum Callee {
    case block(BlockDefinition)
    /// A block that is wrong. The mistake has been reported.
    case broken
    case unknown
  }

  subscript(name: String) -> Callee {
    if brokenNames.contains(name) { return .broken }
    return definitions[name].map { .block($0) } ?? .unknown
  }

  /// Returns the definition of a block whose layers can be checked, even if it cannot be called.
  func checkable(_ name: String) -> BlockDefinition? {
    definitions[name].flatMap { $0.canBeChecked ? $0 : nil }
  }

  /// Reports a call of an undefined block.
  func reportUnknown(_ node: Node, _ diagnostics: inout Diagnostics) {
    let known =
      names.isEmpty
      ? "the file has no blocks" : "known blocks: \(names.map(\.quotable).joined(separator: ", "))"
    diagnostics.error(
      "unknown block \(node.received) (\(known))", at: node.mark,
      suggestion: node.scalar.flatMap { names.nearest(to: $0.text) })
  }

  // MARK: Cycles

  /// A block on the way to another, and the call that leads to it.
  private struct Step {
    let name: String
    let call: Mark
  }

  /// Reports calls of unknown blocks, cycles, and chains that are too long.
  private mutating func checkCalls(_ diagnostics: inout Diagnostics) {
    var heights: [String: Int?] = [:]
    for name in names {
      guard let definition = definitions[name] else { continue }
      var path = [Step(name: name, call: definition.mark)]
      _ = height(of: definition, &path, &heights, &diagnostics)
    }
  }

  /// Returns the length of the longest chain of calls that starts with a block.
  ///
  /// - Parameter path: the chain of blocks that leads to the block, which is its last item.
  /// - Returns: nil for a cycle, for a chain that is too long, and for a wrong block. The block
  ///   is then marked as broken.
  private mutating func height(
    of definition: BlockDefinition, _ path: inout [Step], _ heights: inout [String: Int?],
    _ diagnostics: inout Diagnostics
  ) -> Int? {
    if let known = heights[definition.name] { return known }
    var height: Int? = definition.isSound ? 1 : nil
    for call in definition.calls {
      let name = call.scalar?.text ?? ""
      var inner: Int? = 0
      if let start = path.firstIndex(where: { $0.name == name }) {
        reportCycle(path[start...] + [Step(name: name, call: call.mark)], &diagnostics)
        inner = nil
      } else if path.count >= BlockTable.depthLimit {
        inner = BlockTable.depthLimit
      } else if let callee = definitions[name] {
        path.append(Step(name: name, call: call.mark))
        inner = self.height(of: callee, &path, &heights, &diagnostics)
        path.removeLast()
      } else if brokenNames.contains(name) {
        inner = nil
      } else {
        reportUnknown(call, &diagnostics)
      }
      if inner == BlockTable.depthLimit {
        diagnostics.error(
          "calls of blocks are nested more than \(BlockTable.depthLimit) deep", at: call.mark)
        inner = nil
      }
      height = height.flatMap { height in inner.map { max(height, $0 + 1) } }
    }
    heights[definition.name] = .some(height)
    if height == nil { brokenNames.insert(definition.name) }
    return height
  }

  /// - Parameter steps: the chain of calls from a block back to itself.
  private func reportCycle(_ steps: ArraySlice<Step>, _ diagnostics: inout Diagnostics) {
    guard let last = steps.last else { return }
    let names = steps.map { "'\($0.name.quotable)'" }
    diagnostics.error(
      "block \(names[0]) calls itself: \(names.joined(separator: " → "))", at: last.call,
      notes: steps.dropFirst().dropLast().map {
        Diagnostic.Note("'\($0.name.quotable)' is called here", at: $0.call)
      })
  }
}
