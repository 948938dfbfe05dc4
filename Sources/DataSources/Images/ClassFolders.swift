internal import DataFiles
internal import Files
internal import YAML

/// Images in one folder for each class.
struct ClassFolders {
  private(set) var paths: [String] = []
  /// The index of each image's class.
  private(set) var labels: [Int] = []
  /// The names of the classes.
  let names: [String]

  /// Finds one folder for each class, in the order of their names. The files of a class come in the
  /// order of their names, too.
  ///
  /// Names that begin with a dot are skipped: systems keep notes of their own in such files.
  init(in folder: String, _ context: DataContext) throws(DataFailure) {
    let found = try ImageTree.names(in: folder)
    for name in found where FileKind(of: "\(folder)/\(name)") != .folder {
      throw .content(
        "\(folder.quotable): expected only folders, one for each class, received the file "
          + "'\(name.quotable)'")
    }
    let known = try ClassFolders.known(found, folder, context)
    let indices = Dictionary(zip(known, known.indices), uniquingKeysWith: min)
    for name in found {
      guard let label = indices[name] else {
        throw context.labelFailure(
          "\(folder.quotable): expected folders of the classes \(known.quotedList), received "
            + "'\(name.quotable)'")
      }
      let path = "\(folder)/\(name)"
      let files = try ImageTree.names(in: path)
      guard !files.isEmpty else {
        throw .content("\(path.quotable): expected image files, received an empty folder")
      }
      paths += files.map { "\(path)/\($0)" }
      labels += files.map { _ in label }
    }
    names = known
  }

  /// Returns the classes that the folders must belong to: those that are known, or the folders.
  private static func known(
    _ found: [String], _ folder: String, _ context: DataContext
  ) throws(DataFailure) -> [String] {
    switch context.classes(of: DataTop.label) {
    case .names(let names): return names
    case .count(let count) where count != found.count:
      throw context.labelFailure(
        "\(folder.quotable): expected \(count) folders, one for each class, received \(found.count)"
      )
    case .count, nil: break
    }
    guard ClassNames.range.contains(found.count) else {
      throw .content(
        "\(folder.quotable): expected at least \(ClassNames.range.lowerBound) folders, one for each "
          + "class, received \(found.count)")
    }
    return found
  }
}
