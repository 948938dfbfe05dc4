internal import Expressions
package import YAML

/// One `--set key.path=value` of the command line.
package struct Override: Sendable {
  private let path: [String]
  private let value: Node
  /// The whole option, for messages.
  private let source: SourceText

  /// Reads one option.
  ///
  /// The field that receives the value determines its type. A text field takes the whole text, so
  /// that `t #1.csv` names that file. Other fields read a value in brackets or braces as a list or
  /// a mapping, if they accept one. A variable's value is one scalar, with the type of a plain
  /// scalar in the file.
  ///
  /// - Parameter text: the option, such as `solver.base_lr=0.1`. Each part of the path is a
  ///   field's name, or the name or number (from 0) of an item of a list.
  /// - Throws: a diagnostic with the mistake and its place in the text.
  package init(_ text: String) throws(Diagnostics) {
    source = SourceText(name: "--set", text: text)
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw Diagnostics(
        Diagnostic(
          "expected key.path=value, received '\(text.quotable)'",
          at: Mark(source: source, line: 1, column: 1)))
    }
    path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    // The path has the same depth limit as a file.
    guard path.count <= Limits.depth else {
      throw Diagnostics(
        Diagnostic(
          "expected a path of at most \(Limits.depth) parts, received \(path.count)",
          at: Mark(source: source, line: 1, column: 1)))
    }
    let place = ValuePlace(source: source, offset: text[...equals].unicodeScalars.count)
    let valueText = String(text[text.index(after: equals)...])
    value =
      path.count == 2 && path[0] == "variables"
      ? place.variable(valueText) : place.value(valueText)
  }

  /// Reads a list of options.
  ///
  /// - Throws: the diagnostics of all wrong options.
  package static func all(_ texts: [String]) throws(Diagnostics) -> [Override] {
    var overrides: [Override] = []
    var diagnostics = Diagnostics()
    for text in texts {
      do throws(Diagnostics) {
        overrides.append(try Override(text))
      } catch {
        diagnostics.merge(error)
      }
    }
    if diagnostics.hasErrors { throw diagnostics }
    return overrides
  }

  /// Returns the document with the value at the option's path.
  ///
  /// A missing field is added, together with the mappings around it, and its reader checks it. A
  /// missing variable is an error, because nothing could use it.
  package func apply(to document: Node, _ diagnostics: inout Diagnostics) -> Node {
    replace(in: document, path[...], &diagnostics) ?? document
  }

  private func replace(
    in node: Node, _ path: ArraySlice<String>, _ diagnostics: inout Diagnostics
  ) -> Node? {
    guard let name = path.first else { return value }
    let isOwner = path.count == 1 && path.startIndex > 0
    let rest = path.dropFirst()
    var result = node
    switch node.value {
    case .mapping(var pairs):
      if let index = pairs.firstIndex(where: { $0.key.scalar?.text == name }) {
        guard let new = replace(in: pairs[index].value, rest, &diagnostics) else { return nil }
        pairs[index].value = new
        // A mistake about the field itself is also attributed to the option.
        if rest.isEmpty { pairs[index].key.mark = mark(of: path) }
      } else if path.startIndex == 0 || self.path[0] != "variables" {
        let mark = mark(of: path)
        let empty = Node(.mapping([]), at: mark)
        guard let new = replace(in: empty, rest, &diagnostics) else { return nil }
        pairs.append(Node.Pair(key: Node(Node.text(name).value, at: mark), value: new))
      } else {
        report(name, path, known: pairs.compactMap(\.key.scalar?.text), &diagnostics)
        return nil
      }
      result.value = .mapping(pairs)
    case .sequence(var items):
      let index = Int(name) ?? items.firstIndex { $0["name"]?.scalar?.text == name }
      guard let index, items.indices.contains(index) else {
        report(name, path, known: items.compactMap { $0["name"]?.scalar?.text }, &diagnostics)
        return nil
      }
      guard let new = replace(in: items[index], rest, &diagnostics) else { return nil }
      items[index] = new
      result.value = .sequence(items)
    case .scalar where node.isNull && path.startIndex > 0 && self.path[0] != "variables":
      // The path adds fields to a field without a value.
      let place = self.path.index(before: path.startIndex)
      return replace(
        in: Node(.mapping([]), at: mark(of: self.path[place...])), path, &diagnostics)
    case .scalar:
      report(name, path, known: [], &diagnostics)
      return nil
    }
    if isOwner { result.mark = noted(result.mark) }
    return result
  }

  /// Returns the mark of a mapping, such as a layer or a data part, with a note that names the
  /// option.
  private func noted(_ mark: Mark) -> Mark {
    guard !mark.isNone, mark.source !== source else { return mark }
    let field = path[path.count - 1].quotable
    let note = Diagnostic.Note("'\(field)' is set here", at: self.mark(of: path.suffix(1)))
    let option = OptionValue(notes: (mark.source.option?.notes ?? []) + [note])
    return Mark(
      source: SourceText(copying: mark.source, option: option), line: mark.line, column: mark.column
    )
  }

  private func report(
    _ name: String, _ path: ArraySlice<String>, known: [String], _ diagnostics: inout Diagnostics
  ) {
    let place = self.path[..<path.startIndex].joined(separator: ".")
    diagnostics.error(
      "no '\(name.quotable)' in \(place.isEmpty ? "the model file" : "'\(place.quotable)'")",
      at: mark(of: path), suggestion: known.nearest(to: name))
  }

  /// Returns the place of the first part of `path` in the option.
  private func mark(of path: ArraySlice<String>) -> Mark {
    let before = self.path[..<path.startIndex].reduce(0) { $0 + $1.unicodeScalars.count + 1 }
    return Mark(source: source, line: 1, column: before + 1)
  }
}
