package import YAML

/// One `--set key.path=value` of the command line.
package struct Override: Sendable {
  private let path: [String]
  private let value: Node
  /// The whole option, which messages show.
  private let source: SourceText

  /// - Parameter text: `solver.base_lr=0.1`. The value is read as YAML, so that it has the type it
  ///   would have in the file; a part of the path is a field's name, or the name or number (from 0)
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
    guard !valueText.isEmpty else {
      value = Node(
        .scalar(Scalar(text: "", style: .quoted)),
        at: Mark(source: source, line: 1, column: place.offset + 1))
      return
    }
    do throws(Diagnostics) {
      value = try Node.parse(Array(valueText.utf8), name: "--set").moved(to: place)
    } catch {
      throw error.moved(to: place)
    }
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
    let rest = path.dropFirst()
    var result = node
    switch node.value {
    case .mapping(var pairs):
      if let index = pairs.firstIndex(where: { $0.key.scalar?.text == name }) {
        guard let new = replace(in: pairs[index].value, rest, &diagnostics) else { return nil }
        pairs[index].value = new
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
    return result
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

/// Where the value of an option stands in the option's text.
private struct ValuePlace {
  let source: SourceText
  /// Characters before it in its first line.
  let offset: Int

  /// A mark of the value's own text, in that of the option.
  func mark(_ mark: Mark) -> Mark {
    Mark(
      source: source, line: mark.line, column: mark.column + (mark.line == 1 ? offset : 0))
  }
}

extension Node {
  /// The same value at its place in the option's text, its parts too.
  fileprivate func moved(to place: ValuePlace) -> Node {
    let mark = place.mark(mark)
    switch value {
    case .scalar: return Node(value, at: mark)
    case .sequence(let items): return Node(.sequence(items.map { $0.moved(to: place) }), at: mark)
    case .mapping(let pairs):
      return Node(
        .mapping(
          pairs.map {
            Node.Pair(key: $0.key.moved(to: place), value: $0.value.moved(to: place))
          }), at: mark)
    }
  }
}

extension Diagnostics {
  /// The same mistakes at their places in the option's text.
  fileprivate func moved(to place: ValuePlace) -> Diagnostics {
    var moved = Diagnostics()
    for diagnostic in all {
      moved.report(
        Diagnostic(
          diagnostic.message, at: place.mark(diagnostic.mark),
          notes: diagnostic.notes.map { Diagnostic.Note($0.message, at: place.mark($0.mark)) },
          severity: diagnostic.severity))
    }
    moved.omitErrors(errorCount - all.count { $0.severity == .error })
    return moved
  }
}
