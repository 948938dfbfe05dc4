internal import YAML

/// The place of an option's value within the option's text. Reads the value.
struct ValuePlace {
  let source: SourceText
  /// The number of characters before the value in its first line.
  let offset: Int

  private var start: Mark { Mark(source: source, line: 1, column: offset + 1) }

  /// Returns a variable's value. As in the file, the value is a number or a boolean if the whole
  /// text is one. Otherwise it is a text.
  func variable(_ text: String) -> Node {
    let scalar = Scalar(text: text, style: .option)
    if case .text = scalar.resolved {
      return Node(.scalar(Scalar(text: text, style: .quoted)), at: start)
    }
    return Node(.scalar(Scalar(text: scalar.trimmedText, style: .plain)), at: start)
  }

  /// Returns a field's value: a list or a mapping if the whole text is one in YAML's flow style,
  /// otherwise a scalar.
  ///
  /// A text field takes the original text in both cases.
  func value(_ text: String) -> Node {
    let scalar = Scalar(text: text, style: .option)
    guard let first = scalar.trimmedText.first, first == "[" || first == "{" else {
      return Node(.scalar(scalar), at: start)
    }
    do throws(Diagnostics) {
      let node = try collection(text)
      return Node(node.moved(to: self).value, at: mark(OptionValue(text: text)))
    } catch {
      // A text field still takes the whole text. For other fields, the message says why it is not a
      // list.
      return Node(.scalar(scalar), at: mark(OptionValue(flaw: error.sorted.first?.message)))
    }
  }

  /// Returns the list or mapping that makes up the whole text.
  private func collection(_ text: String) throws(Diagnostics) -> Node {
    let node = try Node.parse(Array(text.utf8), name: "--set")
    // A comment would swallow the bracket that is added here.
    let enclosed = try? Node.parse(Array("[\(text)]".utf8), name: "--set")
    guard enclosed?.items?.count == 1 else {
      throw Diagnostics(Diagnostic("a comment follows it", at: node.mark))
    }
    return node
  }

  private func mark(_ option: OptionValue) -> Mark {
    Mark(source: SourceText(copying: source, option: option), line: 1, column: offset + 1)
  }

  /// Converts a mark within the value to a mark within the option.
  func mark(_ mark: Mark) -> Mark {
    Mark(
      source: source, line: mark.line, column: mark.column + (mark.line == 1 ? offset : 0))
  }
}

extension Node {
  /// Returns the same node with its marks, and those of its parts, moved to their places in the
  /// option.
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
