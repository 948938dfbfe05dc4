internal import Glibc
package import YAML

extension Constraint where Value == String {
  /// A path of a model file.
  package static var path: Constraint {
    Constraint("a path, relative to the model file") { !$0.isEmpty && !$0.utf8.contains(0) }
  }
}

extension DataParts {
  /// The paths of both parts that begin in the folder of the model file, as the file writes them.
  package var relativePaths: [String] {
    (train.source.files + (test?.source.files ?? [])).filter { !$0.hasPrefix("/") }
  }

  /// The first of `folders` that holds every file which the parts name with a relative path. The first of all where none
  /// does, so that a message names what is missing there.
  ///
  /// - Returns: the folder's path from the root, where there is such a folder.
  package func directory(among folders: [String]) -> String {
    let paths = relativePaths
    let found = folders.first { folder in
      paths.allSatisfy { FileSystem.allows(F_OK, "\(folder)/\($0)") }
    }
    let folder = found ?? folders.first ?? "."
    return FileSystem.realPath(folder) ?? folder
  }
}
