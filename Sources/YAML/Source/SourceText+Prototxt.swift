/// Detection of Caffe's prototxt format. It is not YAML, but its files begin similarly.
extension SourceText {
  /// The message for a network in Caffe's format, with its first lines translated to YAML. Nil for
  /// any other text.
  ///
  /// The format is recognized by a line that begins with `layer {`.
  var prototxtDiagnostic: Diagnostic? {
    var (number, name) = (0, String?.none)
    var place: Mark?
    var layer: (name: String?, item: String?) = (nil, nil)
    while layer.item == nil, number < 1000, let line = self.line(number + 1) {
      number += 1
      let text = line.prefix(1000).drop { $0 == " " || $0 == "\t" }
      if ["layer", "layers"].contains(where: text.beginsBlock) {
        let column = 1 + line.prefix(1000).count - text.count
        place = place ?? Mark(source: self, line: number, column: column)
        layer.name = nil
      }
      let isInside = place != nil
      if let value = text.quotedValue(of: "name") {
        if isInside { layer.name = layer.name ?? value } else { name = name ?? value }
      }
      // Data layers are skipped, since a model file has a separate section for data.
      if isInside, let type = text.quotedValue(of: "type"), let name = layer.name,
        !type.hasSuffix("Data"), type != "Input"
      {
        layer.item = "{name: \(name.quotable), type: \(type.quotable), …}"
      }
    }
    guard let place else { return nil }
    let item = layer.item ?? "{name: conv1, type: Convolution, num_output: 20, kernel_size: 5}"
    let lines = (name.map { ["name: \($0.quotable)"] } ?? []) + ["network:", "  - \(item)"]
    return Diagnostic(
      "expected YAML, received Caffe's prototxt, where braces follow a name; the first lines would "
        + "be " + lines.map { "'\($0)'" }.joined(separator: ", "), at: place)
  }
}

extension Substring {
  /// Whether a line begins with `name {`.
  fileprivate func beginsBlock(_ name: String) -> Bool {
    hasPrefix(name) && dropFirst(name.count).drop { $0 == " " || $0 == "\t" }.first == "{"
  }

  /// The quoted text after `name:`, which may follow other fields of the line. Nil if there is
  /// none.
  fileprivate func quotedValue(of name: String) -> String? {
    var rest = self
    while let start = rest.range(of: name) {
      let isWord =
        start.lowerBound == startIndex
        || [" ", "{", "\t"].contains(self[index(before: start.lowerBound)])
      rest = rest[start.upperBound...]
      var value = rest.drop { $0 == " " }
      guard isWord, value.popFirst() == ":" else { continue }
      value = value.drop { $0 == " " }
      guard let quote = value.popFirst(), quote == "\"" || quote == "'",
        let end = value.firstIndex(of: quote)
      else { continue }
      return String(value[..<end])
    }
    return nil
  }

  /// The first occurrence of a text.
  private func range(of text: String) -> Range<Index>? {
    indices.lazy.filter { self[$0...].hasPrefix(text) }.first.map {
      $0..<index($0, offsetBy: text.count)
    }
  }
}
