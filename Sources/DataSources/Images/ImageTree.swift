internal import DataFiles
internal import Files
internal import YAML

/// The files of a folder and of the folders in it.
enum ImageTree {
  /// The greatest depth of folders.
  private static let depthLimit = 16

  /// Returns the files, by their paths below the folder.
  ///
  /// The files and folders in a folder follow each other in the order of the bytes of their names. Hidden
  /// files are skipped.
  ///
  /// - Throws: a failure when the folder, or a folder in it, is empty or cannot be read.
  static func files(in folder: String) throws(DataFailure) -> [String] {
    var files: [String] = []
    try find(in: folder, prefix: "", depth: 0, &files)
    return files
  }

  private static func find(
    in folder: String, prefix: String, depth: Int, _ files: inout [String]
  ) throws(DataFailure) {
    let names = try names(in: folder)
    guard !names.isEmpty else {
      throw .content("\(folder.quotable): expected image files, received an empty folder")
    }
    guard depth < depthLimit else {
      throw .content("\(folder.quotable): expected at most \(depthLimit) folders in each other")
    }
    for name in names {
      let path = "\(folder)/\(name)"
      if FileKind(of: path) == .folder {
        try find(in: path, prefix: "\(prefix)\(name)/", depth: depth + 1, &files)
      } else {
        files.append(prefix + name)
      }
    }
  }

  /// Returns the sorted names in a folder, without hidden ones.
  static func names(in folder: String) throws(DataFailure) -> [String] {
    switch FileKind(of: folder) {
    case .folder?: break
    case nil: throw .io("\(folder.quotable): expected a readable folder, which does not exist")
    case let kind?:
      throw .content("\(folder.quotable): expected a folder, received \(kind.phrase)")
    }
    // Bytes have one order everywhere. The order of texts depends on tables of Unicode.
    return FileSystem.names(in: folder).filter { !$0.hasPrefix(".") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
