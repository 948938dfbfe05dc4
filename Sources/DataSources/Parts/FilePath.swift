package import Fields
internal import Files
internal import Glibc

extension Constraint where Value == String {
  /// The path of a file in a model file.
  package static var path: Constraint {
    Constraint("a path, relative to the model file") { !$0.isEmpty && !$0.utf8.contains(0) }
  }
}

extension DataParts {
  /// The relative paths of both parts, as the model file states them.
  package var relativePaths: [String] {
    (train.source.files + (test?.source.files ?? [])).filter { !$0.hasPrefix("/") }
  }

  /// Returns the first of `folders` that holds every file with a relative path.
  ///
  /// When no folder does, the result is the first one, so that a message names the files that are
  /// missing there.
  ///
  /// - Returns: the folder's path from the root, when the folder exists.
  package func directory(among folders: [String]) -> String {
    let paths = relativePaths
    let found = folders.first { folder in
      paths.allSatisfy { FileSystem.allows(F_OK, "\(folder)/\($0)") }
    }
    let folder = found ?? folders.first ?? "."
    return FileSystem.realPath(folder) ?? folder
  }
}
