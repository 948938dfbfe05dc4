internal import DataFiles
internal import Files
internal import Tensors
internal import YAML

/// The image files of a part with their classes, in the order of the examples.
struct ImageEntries {
  /// One example.
  struct Entry {
    let path: String
    /// The index of the class, or a label that the network ignores.
    let label: Int
  }

  let entries: [Entry]
  /// The classes. At least as many as the labels need.
  let classes: [String]

  /// Finds one folder for each class, in the order of their names. The files of a class come in the
  /// order of their names, too.
  ///
  /// Names that begin with a dot are skipped: systems keep notes of their own in such files.
  static func folders(
    in folder: String, _ context: DataContext
  ) throws(DataFailure) -> ImageEntries {
    let found = try names(in: folder)
    for name in found where FileKind(of: "\(folder)/\(name)") != .folder {
      throw .content(
        "\(folder.quotable): expected only folders, one for each class, received the file "
          + "'\(name.quotable)'")
    }
    let known = try known(found, folder, context)
    let labels = Dictionary(zip(known, known.indices), uniquingKeysWith: min)
    var entries: [Entry] = []
    for name in found {
      guard let label = labels[name] else {
        throw context.labelFailure(
          "\(folder.quotable): expected folders of the classes \(known.quotedList), received "
            + "'\(name.quotable)'")
      }
      let path = "\(folder)/\(name)"
      let files = try names(in: path)
      guard !files.isEmpty else {
        throw .content("\(path.quotable): expected image files, received an empty folder")
      }
      entries += files.map { Entry(path: "\(path)/\($0)", label: label) }
    }
    return ImageEntries(entries: entries, classes: known)
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

  /// Returns the sorted names in a folder, without hidden ones.
  private static func names(in folder: String) throws(DataFailure) -> [String] {
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

  /// Reads a list of files with their labels.
  ///
  /// - Parameter folder: the folder that relative paths start from. Nil for that of the list.
  static func list(
    _ path: String, in folder: String?, _ context: DataContext
  ) throws(DataFailure) -> ImageEntries {
    let list = try ImageList.read(path: path)
    let folder = folder ?? FileSystem.folder(of: path)
    let declared = context.classes(of: DataTop.label)
    let limit = declared?.count ?? ClassNames.range.upperBound
    let offset = context.labelOffset
    var entries: [Entry] = []
    var greatest = 0
    for line in list.lines {
      let isIgnored = context.ignoredLabels.contains(line.label)
      let (index, overflows) = line.label.subtractingReportingOverflow(offset)
      guard isIgnored || !overflows && (0..<limit).contains(index) else {
        throw context.labelFailure(
          "\(list.name): line \(line.number): expected a class from \(offset) to "
            + "\(offset + limit - 1), received \(line.label)")
      }
      if !isIgnored { greatest = max(greatest, index) }
      let isAbsolute = line.path.hasPrefix("/")
      entries.append(
        Entry(
          path: isAbsolute ? line.path : "\(folder)/\(line.path)",
          label: isIgnored ? line.label : index))
    }
    guard declared != nil || greatest > 0 else {
      throw .content(
        "\(list.name): expected at least \(ClassNames.range.lowerBound) classes, received only "
          + "\(offset)")
    }
    if case .names(let names) = declared { return ImageEntries(entries: entries, classes: names) }
    let count = declared?.count ?? greatest + 1
    return ImageEntries(entries: entries, classes: (offset..<offset + count).map(String.init))
  }
}
