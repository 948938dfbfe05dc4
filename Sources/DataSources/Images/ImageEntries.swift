internal import DataFiles
internal import Files
internal import Tensors
internal import YAML

/// The image files of a part with their targets, in the order of the examples.
struct ImageEntries {
  /// The targets of the images.
  enum Target {
    /// The index of each image's class, or a label that the network ignores. There are at least as many
    /// names as the indices need.
    case classes([Int], names: [String])
    /// The mask of each image.
    case masks([String])
    /// A column of a table, with its suspicious properties.
    case column(ExampleTensor, [DataRemark])
  }

  let paths: [String]
  let target: Target

  init(paths: [String], _ target: Target) {
    self.paths = paths
    self.target = target
  }

  init(_ folders: ClassFolders) {
    self.init(paths: folders.paths, .classes(folders.labels, names: folders.names))
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
    var paths: [String] = []
    var classes: [Int] = []
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
      paths.append(line.path.hasPrefix("/") ? line.path : "\(folder)/\(line.path)")
      classes.append(isIgnored ? line.label : index)
    }
    guard declared != nil || greatest > 0 else {
      throw .content(
        "\(list.name): expected at least \(ClassNames.range.lowerBound) classes, received only "
          + "\(offset)")
    }
    var names = (offset..<offset + (declared?.count ?? greatest + 1)).map(String.init)
    if case .names(let stated) = declared { names = stated }
    return ImageEntries(paths: paths, .classes(classes, names: names))
  }
}
