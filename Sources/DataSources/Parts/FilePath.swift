internal import Glibc
package import YAML

extension Constraint where Value == String {
  /// A path of a model file.
  package static var path: Constraint {
    Constraint("a path, relative to the model file") { !$0.isEmpty && !$0.utf8.contains(0) }
  }
}

extension FieldDescription {
  /// Whether values of the field are paths.
  package var isPath: Bool { expectation == Constraint<String>.path.expectation }
}

extension DataSource {
  /// The paths that the source names, as the model file writes them.
  fileprivate var paths: [String] {
    let names = Set(Self.fieldDescriptions.filter(\.isPath).map(\.name))
    return encodedFields.filter { names.contains($0.key.scalar?.text ?? "") }
      .compactMap { $0.value.scalar?.text }
  }
}

extension DataParts {
  /// The paths of both parts that begin in the folder of the model file, as the file writes them.
  package var relativePaths: [String] {
    (train.source.paths + (test?.source.paths ?? [])).filter { !$0.hasPrefix("/") }
  }

  /// The first of `folders` that holds every file which the parts name with a relative path. The first of all where none
  /// does, so that a message names what is missing there.
  ///
  /// - Returns: the folder's path from the root, where there is such a folder.
  package func directory(among folders: [String]) -> String {
    let paths = relativePaths
    let found = folders.first { folder in
      paths.allSatisfy { unsafe access("\(folder)/\($0)", F_OK) == 0 }
    }
    let folder = found ?? folders.first ?? "."
    guard let real = unsafe realpath(folder, nil) else { return folder }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}
