package import DataFiles
package import Fields
package import YAML

/// A file with one tensor of every example, and the name of that tensor.
///
///     {file: data/left.npy, top: left}
///     {file: data/masks.npy, top: mask, classes: 3}
///     {file: data/all.npz, array: x}
package struct NamedFile: FieldOwner, FieldValue, Equatable {
  package var file = ""
  package var array: String?
  package var top: String?
  package var classes: ClassNames?

  package init() {}

  package static let fields: [Field<NamedFile>] = [
    .required("file", \.file, .path, role: .path, "The file."),
    .optional(
      "array", \.array, .given(Constraint("the name of an array") { !$0.isEmpty }),
      "The name of an array in a NumPy archive (npz)."),
    .optional(
      "top", \.top, .given(.name),
      "The name of the tensor, which layers read by 'bottom'."),
    .optional(
      "classes", \.classes, .any,
      "The classes of a target: their number, or their names by index. Default: the part's."),
  ]

  package static var expectation: String {
    "a path, or a mapping with " + fields.map(\.name).joined(separator: ", ")
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<NamedFile> {
    guard node.pairs != nil else {
      return String.decode(node, &diagnostics).compactMap(of: node) { path in
        guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
        var file = NamedFile()
        file.file = path
        return file
      }
    }
    let file = node.decode(NamedFile.self, of: "file", &diagnostics)
    return file.map { .value($0) } ?? .reported
  }

  /// A path, when the file states nothing else.
  package var encoded: Node {
    top == nil && classes == nil && array == nil ? file.encoded : Node(.mapping(encodedFields))
  }
}

extension NamedFile {
  /// Reports files of a format without archives that name an array.
  static func refuseArrays(
    _ files: NamedFiles?, _ field: String, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    for (index, file) in (files?.files ?? []).enumerated() where file.array != nil {
      let item = node[field]?.items?[index] ?? node[field]
      diagnostics.error(
        "\(field): array: expected none, since only a NumPy archive has named arrays",
        at: (item?["array"] ?? item ?? node).mark)
    }
  }

  /// Reports inputs that state classes.
  static func checkInputs(
    _ inputs: NamedFiles, _ field: String, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    for (index, input) in inputs.files.enumerated() where input.classes != nil {
      let item = node[field]?.items?[index] ?? node[field]
      diagnostics.error(
        "\(field): classes: expected none, since an input has values",
        at: (item?["classes"] ?? item ?? node).mark)
    }
  }
}
