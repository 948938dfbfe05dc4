internal import Expressions
package import YAML

/// One `--set key.path=value` of the command line.
package struct Override: Sendable {
  private let path: [String]
  private let value: Node
  /// The whole option, which messages show.
  private let source: SourceText

  /// Reads one option.
  ///
  /// The field that gets the value gives it its type. A text field takes the whole text, so that `t #1.csv` names
  /// that file. A value in brackets or braces is a list or a mapping in the fields that accept one. A variable's
  /// value is one scalar, typed as a plain one of the file.
  ///
  /// - Parameter text: `solver.base_lr=0.1`. A part of the path is a field's name, or the name or number (from 0)
  ///   of an item of a list.
  /// - Throws: what is wrong with the text, at its place in it.
  package init(_ text: String) throws(Diagnostics) {
    source = SourceText(name: "--set", text: text)
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw Diagnostics(
        Diagnostic(
          "expected key.path=value, received '\(text.quotable)'",
          at: Mark(source: source, line: 1, column: 1)))
    }
    path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    // As deep as a file may be.
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

  /// The overrides that texts state.
  ///
  /// - Throws: what is wrong with any of them.
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

  /// The document with the value in its place. A field that is not there yet is added, with the
  /// mappings around it, and judged by who reads it; but no variable: nothing could use it.
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
        // What is wrong with the field, and not with its value, is the option's too.
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
      // A field without a value, which the path gives some.
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

  /// The place of a layer, a part of the data or another mapping, whose messages name the field that the option sets.
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

  /// Where the first part of `path` stands in the text.
  private func mark(of path: ArraySlice<String>) -> Mark {
    let before = self.path[..<path.startIndex].reduce(0) { $0 + $1.unicodeScalars.count + 1 }
    return Mark(source: source, line: 1, column: before + 1)
  }
}
