internal import YAML

/// Where the value of an option stands in the option's text. Reads the value.
struct ValuePlace {
  let source: SourceText
  /// Characters before the value in its first line.
  let offset: Int

  private var start: Mark { Mark(source: source, line: 1, column: offset + 1) }

  /// A variable's value: a number or a truth value where the whole text is one, as in the file, and a text otherwise.
  func variable(_ text: String) -> Node {
    let scalar = Scalar(text: text, style: .option)
    if case .text = scalar.resolved {
      return Node(.scalar(Scalar(text: text, style: .quoted)), at: start)
    }
    return Node(.scalar(Scalar(text: scalar.trimmedText, style: .plain)), at: start)
  }

  /// A field's value: a list or a mapping where the whole text is one in YAML's flow style, and a scalar otherwise.
  /// A text field takes the text of either.
  func value(_ text: String) -> Node {
    let scalar = Scalar(text: text, style: .option)
    guard let first = scalar.trimmedText.first, first == "[" || first == "{" else {
      return Node(.scalar(scalar), at: start)
    }
    do throws(Diagnostics) {
      let node = try collection(text)
      return Node(node.moved(to: self).value, at: mark(OptionValue(text: text)))
    } catch {
      // A text field takes it all the same, and the message of any other field says why it is not a list.
      return Node(.scalar(scalar), at: mark(OptionValue(flaw: error.sorted.first?.message)))
    }
  }

  /// The list or mapping that the whole text is.
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
