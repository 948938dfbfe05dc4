package import YAML

/// One `--set key.path=value` of the command line.
package struct Override: Sendable {
  private let path: [String]
  private let value: Node
  private let text: String

  /// - Parameter text: `solver.base_lr=0.1`. The value is read as YAML, so that it has the type it
  ///   would have in the file; a part of the path is a field's name, or the name or number (from 0)
  ///   of an item of a list.
  /// - Throws: what is wrong with the text.
  package init(_ text: String) throws(Diagnostics) {
    let source = SourceText(name: "--set", text: text)
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw Diagnostics(
        Diagnostic(
          "expected key.path=value, received '\(text.quotable)'",
          at: Mark(source: source, line: 1, column: 1)))
    }
    self.text = text
    path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let column = text[...equals].unicodeScalars.count + 1
    let valueText = String(text[text.index(after: equals)...])
    let mark = Mark(source: source, line: 1, column: column)
    if valueText.isEmpty {
      value = Node(.scalar(Scalar(text: "", style: .quoted)), at: mark)
    } else {
      value = try Node.parse(Array(valueText.utf8), name: "--set").moved(to: mark)
    }
  }

  /// The document with the value in its place; a field that is not there yet is added, but no
  /// variable: nothing could use it.
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
      } else if rest.isEmpty, path.startIndex == 0 || self.path[0] != "variables" {
        pairs.append(Node.Pair(key: Node.text(name).moved(to: mark(of: path)), value: value))
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
    return Mark(source: SourceText(name: "--set", text: text), line: 1, column: before + 1)
  }
}

extension Node {
  /// The same value at another place, its parts too.
  fileprivate func moved(to mark: Mark) -> Node {
    switch value {
    case .scalar: Node(value, at: mark)
    case .sequence(let items): Node(.sequence(items.map { $0.moved(to: mark) }), at: mark)
    case .mapping(let pairs):
      Node(
        .mapping(
          pairs.map {
            Node.Pair(key: $0.key.moved(to: mark), value: $0.value.moved(to: mark))
          }), at: mark)
    }
  }
}
