internal import Expressions
internal import YAML

/// Replaces the uses of `${name}` and `$(…)` in the scalars of nodes.
///
/// A scalar that consists of a single use becomes the value with its type. A parameter's value may
/// then be a list or a mapping. In any other scalar the values are inserted as text. YAML's rules
/// then resolve the type of a plain scalar, and a quoted scalar stays text.
///
/// Without limits, short texts could grow to any size. Therefore all replaced texts together are
/// limited to 16 MB, like a file. Each text is limited to 1 MB, like a scalar. Expanded lists of
/// layers have the same limit of nodes as a document.
struct Substitution {
  /// The bytes of the replaced texts before and after replacement.
  private var textBytes = 0
  /// The number of nodes in the expanded lists of layers.
  private var nodeCount = 0
  /// True while lists of layers are expanded. Other parts of a document do not grow.
  var countsNodes = false
  /// The number of texts that could not be replaced.
  private(set) var failureCount = 0
  /// The places of such texts. Mistakes that follow from them are not reported.
  private(set) var brokenPlaces: Set<String> = []
  /// The number of texts with detailed places: notes on their variables, or a place for each byte.
  /// Beyond a limit, further texts have only a single place.
  private var writtenTextCount = 0
  private static let writtenTextLimit = 100_000
  /// For each set of variables: the file's source text, and a copy with notes on the values.
  /// Texts that use the same variables share the copy.
  private var valueSources: [String: (original: SourceText, copy: SourceText)] = [:]

  /// False after a limit was exceeded and reported.
  private(set) var isWithinLimits = true

  /// Returns the node with all uses replaced. Reports uses that fail, and leaves an unknown node in
  /// their place.
  ///
  /// - Parameters:
  ///   - copy: the copy that contains the node. Nil for a node that stays in its place.
  ///   - depth: the depth of the node, if it is a collection.
  mutating func replace(
    in node: Node, _ scope: Scope, copy: CopiedSource? = nil, depth: Int = 2,
    _ diagnostics: inout Diagnostics
  ) -> Node {
    let mark = copy?.mark(node.mark) ?? node.mark
    let partCount = node.items?.count ?? 2 * (node.pairs?.count ?? 0)
    guard count(nodes: partCount, at: mark, &diagnostics) else {
      return Node(Node.plain("").value, at: mark)
    }
    switch node.value {
    case .scalar(let scalar):
      guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return Node(node.value, at: mark) }
      return replace(scalar, of: node, scope, at: mark, depth, &diagnostics)
    case .sequence(var items):
      for index in items.indices {
        items[index] = replace(
          in: items[index], scope, copy: copy, depth: depth + 1, &diagnostics)
      }
      return Node(.sequence(items), at: mark)
    case .mapping(var pairs):
      for index in pairs.indices {
        checkKey(pairs[index].key, &diagnostics)
        if let copy { pairs[index].key.mark = copy.mark(pairs[index].key.mark) }
        pairs[index].value = replace(
          in: pairs[index].value, scope, copy: copy, depth: depth + 1, &diagnostics)
      }
      return Node(.mapping(pairs), at: mark)
    }
  }

  /// Reports the mistakes in the expressions of a node, without any values of parameters.
  mutating func check(_ node: Node, _ scope: Scope, _ diagnostics: inout Diagnostics) {
    switch node.value {
    case .scalar(let scalar):
      guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return }
      _ = template(scalar, of: node, scope, at: node.mark, &diagnostics)
    case .sequence(let items):
      for item in items { check(item, scope, &diagnostics) }
    case .mapping(let pairs):
      for pair in pairs {
        checkKey(pair.key, &diagnostics)
        check(pair.value, scope, &diagnostics)
      }
    }
  }

  /// Counts nodes of a list of layers. Returns false, after a report at `mark`, beyond the limit.
  private mutating func count(
    nodes: Int, at mark: Mark, _ diagnostics: inout Diagnostics
  ) -> Bool {
    guard countsNodes else { return true }
    guard isWithinLimits else { return false }
    nodeCount += nodes
    guard nodeCount > Limits.nodes else { return true }
    isWithinLimits = false
    diagnostics.error("more than \(Limits.nodes) nodes once blocks are expanded", at: mark)
    return false
  }

  private mutating func checkKey(_ key: Node, _ diagnostics: inout Diagnostics) {
    guard let text = key.scalar?.text, text.utf8.contains(UInt8(ascii: "$")), text.contains("$("),
      !text.contains("$$(")
    else { return }
    fail("'$(…)' is not allowed in the name of a field", at: key.mark, of: key, &diagnostics)
  }

  // MARK: Scalars

  private mutating func replace(
    _ scalar: Scalar, of node: Node, _ scope: Scope, at mark: Mark, _ depth: Int,
    _ diagnostics: inout Diagnostics
  ) -> Node {
    let unknown = Node(node.value, at: .unknown)
    guard textBytes <= Limits.textBytes,
      let template = template(scalar, of: node, scope, at: mark, &diagnostics)
    else { return unknown }
    guard scope.knows(template) else { return unknown }
    let mark = self.mark(of: template, scalar, scope, at: mark)
    do throws(FormulaMistake) {
      let (value, pieces) = try value(of: template, scalar.style, scope)
      guard !value.node.mark.isUnknown else { return unknown }
      guard depth - 1 + value.height <= Limits.depth else {
        fail("nested more than \(Limits.depth) deep", at: mark, of: node, &diagnostics)
        return unknown
      }
      let text = value.node.scalar?.text.utf8.count ?? 0
      guard text <= Limits.scalarBytes else {
        fail(
          "more than 1 MB of text once its variables are replaced", at: mark, of: node,
          &diagnostics)
        return unknown
      }
      textBytes += text + scalar.text.utf8.count
      if textBytes > Limits.textBytes {
        isWithinLimits = false
        fail(
          "more than 16 MB of text once all variables are replaced", at: mark, of: node,
          &diagnostics)
        return unknown
      }
      // The scalar itself has been counted with its collection.
      guard count(nodes: value.nodeCount - 1, at: mark, &diagnostics) else {
        return Node(Node.plain("").value, at: mark)
      }
      return Node(value.node.value, at: written(scalar.text, pieces, at: mark))
    } catch {
      fail(error, in: node, at: mark, &diagnostics)
      return unknown
    }
  }

  /// Returns the value. For a text with several pieces, it also returns these pieces.
  private func value(
    of template: Template, _ style: Scalar.Style, _ scope: Scope
  ) throws(FormulaMistake) -> (value: Scope.Argument, pieces: [WrittenText.Piece]) {
    switch template.lone {
    case .variable(let name):
      if let value = scope.variables[name] { return (Scope.Argument(Node(value.value)), []) }
    case .formula(let formula):
      if let name = formula.loneName, let argument = scope[name] { return (argument, []) }
      return (Scope.Argument(Node(.scalar(try scope.value(of: formula).scalar))), [])
    case .text, nil: break
    }
    var text = ""
    var pieces: [WrittenText.Piece] = []
    for (piece, start) in zip(template.pieces, template.starts)
    where text.utf8.count <= Limits.scalarBytes {
      let before = text.utf8.count
      var isKept = false
      switch piece {
      case .text(let literal): (text, isKept) = (text + literal, true)
      case .variable(let name): text += scope.variables[name]?.scalar?.text ?? ""
      case .formula(let formula): text += try scope.value(of: formula).scalar.text
      }
      pieces.append(
        WrittenText.Piece(start: start, count: text.utf8.count - before, isKept: isKept))
    }
    return (Scope.Argument(Node(.scalar(Scalar(text: text, style: style)))), pieces)
  }

  // MARK: Places

  /// Returns the mark of a text. Its notes show where the variables in the text get their values.
  private mutating func mark(
    of template: Template, _ scalar: Scalar, _ scope: Scope, at mark: Mark
  ) -> Mark {
    var variables: [String] = []
    for name in template.names where variables.count < 10 && !variables.contains(name) {
      if scope.isVariable(name), scope.variables[name]?.mark.isNone == false {
        variables.append(name)
      }
    }
    guard !mark.isNone, !variables.isEmpty else { return mark }
    let key = variables.joined(separator: " ")
    if let known = valueSources[key], known.original === mark.source {
      return Mark(source: known.copy, line: mark.line, column: mark.column)
    }
    guard countWrittenText() else { return mark }
    let notes = variables.compactMap { name in
      scope.variables[name].map {
        Diagnostic.Note("'\(name.quotable)' has its value here", at: $0.mark)
      }
    }
    // The last note is the note of the copy that contains the text.
    let copy = SourceText(copying: mark.source, notes: notes + mark.source.notes)
    valueSources[key] = (mark.source, copy)
    return Mark(source: copy, line: mark.line, column: mark.column)
  }

  /// Returns the mark of a text that is made of pieces, so that each byte keeps its own place.
  private mutating func written(
    _ text: String, _ pieces: [WrittenText.Piece], at mark: Mark
  ) -> Mark {
    guard !mark.isNone, !pieces.isEmpty, countWrittenText() else { return mark }
    let copy = SourceText(
      copying: mark.source, notes: mark.source.notes, writing: WrittenText(text, pieces: pieces))
    return Mark(source: copy, line: mark.line, column: mark.column)
  }

  private mutating func countWrittenText() -> Bool {
    guard writtenTextCount < Substitution.writtenTextLimit else { return false }
    writtenTextCount += 1
    return true
  }

  /// Returns the pieces of a text. Nil, after a report, when it is malformed or uses a name without
  /// a value.
  private mutating func template(
    _ scalar: Scalar, of node: Node, _ scope: Scope, at mark: Mark,
    _ diagnostics: inout Diagnostics
  ) -> Template? {
    let template: Template
    do throws(Template.Failure) {
      template = try Template(scalar.text)
    } catch {
      switch error {
      case .unclosedVariable:
        fail("'${' without a closing '}'", at: mark, of: node, &diagnostics)
      case .formula(let mistake): fail(mistake, in: node, at: mark, &diagnostics)
      }
      return nil
    }
    var isFine = true
    for piece in template.pieces {
      switch piece {
      case .text: continue
      case .variable(let name):
        guard scope.variables[name] == nil, !scope.mayBeVariable(name) else { continue }
        isFine = false
        guard !isFull(&diagnostics) else { continue }
        let (message, suggestion) = scope.mistake(inVariable: name)
        fail(message, at: mark, of: node, suggestion: suggestion, &diagnostics)
      case .formula(let formula):
        for (name, place) in formula.names
        where scope[name] == nil && !scope.mayBeVariable(name) {
          isFine = false
          guard !isFull(&diagnostics) else { continue }
          let (message, suggestion) = scope.mistake(in: name)
          let unknown = FormulaMistake(message, at: place, suggestion: suggestion)
          fail(unknown, in: node, at: mark, &diagnostics)
        }
      }
    }
    return isFine ? template : nil
  }

  // MARK: Failures

  /// Returns whether the list of errors is full, and counts an error that is not kept.
  private mutating func isFull(_ diagnostics: inout Diagnostics) -> Bool {
    guard diagnostics.isFull else { return false }
    diagnostics.omitErrors(1)
    failureCount += 1
    return true
  }

  private mutating func fail(
    _ mistake: FormulaMistake, in node: Node, at mark: Mark, _ diagnostics: inout Diagnostics
  ) {
    guard !isFull(&diagnostics) else { return }
    let place = node.mark(ofTextAt: mistake.offset)
    let copied = Mark(source: mark.source, line: place.line, column: place.column)
    fail(
      mistake.message + node.hint(on: mistake), at: copied, of: node,
      suggestion: mistake.suggestion, &diagnostics)
  }

  /// Reports a mistake in a scalar, and records its place.
  mutating func fail(
    _ message: String, at mark: Mark, of node: Node, suggestion: String? = nil,
    _ diagnostics: inout Diagnostics
  ) {
    guard !isFull(&diagnostics) else { return }
    failureCount += 1
    brokenPlaces.insert(node.mark.description)
    diagnostics.error(message, at: mark, suggestion: suggestion)
  }
}

extension Scope {
  /// Returns whether a name refers to a variable, not to a parameter or `index`.
  fileprivate func isVariable(_ name: String) -> Bool {
    !parameterNames.contains(name) && (name != Scope.index || index == nil)
  }

  /// Whether the values of all names in a text are known. If the text is a single use, parts of its
  /// value may be unknown.
  fileprivate func knows(_ template: Template) -> Bool {
    let names = template.names
    guard !names.isEmpty else { return true }
    guard !isGuarded else { return false }
    for piece in template.pieces {
      switch piece {
      case .text: continue
      case .variable(let name):
        guard let value = variables[name], !value.mark.isUnknown else { return false }
      case .formula(let formula):
        if template.lone != nil, let name = formula.loneName {
          guard let argument = self[name], !argument.node.mark.isUnknown else { return false }
        } else {
          guard formula.names.allSatisfy({ self[$0.name]?.isKnown ?? false }) else { return false }
        }
      }
    }
    return true
  }

  /// Returns the value of `$(…)`. All its names must be known.
  fileprivate func value(
    of formula: Formula
  ) throws(FormulaMistake) -> FormulaValue {
    try formula.value { (name, place) throws(FormulaMistake) in
      let node = self[name]?.node ?? .plain("")
      if let value = node.scalar.flatMap(FormulaValue.init) { return value }
      let reason =
        node.scalar == nil
        ? "is \(node.received), which must be used alone: $(\(name.quotable))"
        : node.isNull
          ? "has no value" : "is \(node.received), which is not a number to compute with"
      throw FormulaMistake("'\(name.quotable)' \(reason)", at: place)
    }
  }
}

extension Node {
  /// Returns a hint for an unclosed `$(`. Within braces and brackets, a `,` ends a text without
  /// quotes.
  fileprivate func hint(on mistake: FormulaMistake) -> String {
    guard mistake.isUnclosed, let scalar, scalar.style == .plain,
      let start = mark.source.offset(line: mark.line, column: mark.column)
    else { return "" }
    let written = mark.source.text.utf8.dropFirst(start)
    guard written.starts(with: scalar.text.utf8),
      written.dropFirst(scalar.text.utf8.count).first == UInt8(ascii: ",")
    else { return "" }
    return "; within braces and brackets a text with ',' needs quotes"
  }
}
