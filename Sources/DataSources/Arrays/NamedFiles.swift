internal import DataFiles
package import Fields
package import YAML

/// One file, or several with a tensor of every example in each.
///
///     inputs: data/x.npy
///     inputs: [{file: data/left.npy, top: left}, {file: data/right.npy, top: right}]
package struct NamedFiles: FieldValue, Equatable {
  package var files: [NamedFile]

  package init(files: [NamedFile]) { self.files = files }

  /// Makes one file without a stated name of its tensor.
  package init(path: String) {
    var file = NamedFile()
    file.file = path
    files = [file]
  }

  package static var expectation: String {
    "a path, or a list of mappings with file and top"
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<NamedFiles> {
    let decoded = [NamedFile].decode(node, &diagnostics)
    guard case .value(let files) = decoded else {
      return decoded.compactMap(of: node) { NamedFiles(files: $0) }
    }
    guard !files.isEmpty else { return .mismatch }
    let items = node.items ?? [node]
    for (index, file) in files.enumerated() {
      let earlier = files[..<index].compactMap(\.top)
      if files.count > 1, file.top == nil {
        return .wrong([
          WrongValue(
            items[index], expected: "a mapping with file and top, because there are several files",
            received: "a file without top")
        ])
      }
      if let top = file.top, earlier.contains(top) {
        return .wrong([
          WrongValue(
            items[index], expected: "every top once", received: "'\(top.quotable)' twice")
        ])
      }
    }
    return .value(NamedFiles(files: files))
  }

  package var encoded: Node { files.count == 1 ? files[0].encoded : files.encoded }

  package var paths: [String] { files.map(\.file) }

  /// Returns the names of the tensors.
  ///
  /// - Parameter standard: the name of a single tensor that the file does not name.
  package func names(_ standard: String) -> [String] { files.map { $0.top ?? standard } }
}

extension NamedFiles {
  /// Adds the classes that reading the examples showed. One file without `top` keeps its short form,
  /// because the part states its classes.
  mutating func learn(_ targets: [ExampleTensor]) {
    guard files.count > 1, files.count == targets.count else { return }
    for index in files.indices { files[index].classes = targets[index].top.classes }
  }
}
