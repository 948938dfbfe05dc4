internal import DataFiles
internal import Fields
internal import Files
internal import YAML

/// A table with the paths of images in one column, and their target in another one.
///
/// The target is read as that of ``CSV``: class names, or numbers for a regression.
struct ImageTable: Equatable {
  /// The greatest number of images.
  private static let rowLimit = 1 << 24
  /// The greatest length of a path in bytes.
  private static let pathLimit = 4096

  /// The column of the paths.
  let column: String
  private let csv: CSV

  init(file: String, column: String, target: String, task: CSV.Task?) {
    var csv = CSV()
    csv.file = file
    csv.target = ColumnNames([target])
    csv.task = task
    self.csv = csv
    self.column = column
  }

  /// Reads the paths and the targets.
  ///
  /// - Parameter folder: the folder that relative paths start from. Nil for that of the table.
  func entries(
    in folder: String?, _ context: DataContext
  ) throws(DataFailure) -> ImageEntries {
    let reader = try open(context)
    let (header, phase) = (reader.header, context.phase)
    let paths = try DataFailure.blaming("path", of: phase) { () throws(DataFailure) in
      try header.columns(named: [column])[0]
    }
    let target = try DataFailure.blaming("target", of: phase) { () throws(DataFailure) in
      try header.columns(named: csv.target.names, besides: [column])[0]
    }
    let request = ColumnRequest(
      paths, .category, hasMissingTexts: false,
      expectation: "a path of at most \(ImageTable.pathLimit) bytes", field: "path",
      categoryLimit: ImageTable.rowLimit, textLimit: ImageTable.pathLimit, isVerbatim: true)
    let table: StoredTable
    do throws(DataFailure) {
      table = try reader.read(
        [request, csv.targetRequest(target)], memory: DataLimits.memory, loop: context.loop)
    } catch {
      guard case .cells(let cells, nil) = error else { throw error.blaming("table", of: phase) }
      throw .cells(cells, of: phase)
    }
    let start = folder ?? FileSystem.folder(of: context.resolve(csv.file))
    return ImageEntries(
      paths: try names(table, phase).map { $0.hasPrefix("/") ? $0 : "\(start)/\($0)" },
      try self.target(table, target, context))
  }

  private func open(_ context: DataContext) throws(DataFailure) -> TableReader {
    try DataFailure.blaming("table", of: context.phase) { () throws(DataFailure) in
      try TableReader(TableSource(path: context.resolve(csv.file)))
    }
  }

  /// Returns the path of each row, which no other row has.
  private func names(_ table: StoredTable, _ phase: DataPhase) throws(DataFailure) -> [String] {
    let column = table.columns[0]
    var names: [String] = []
    names.reserveCapacity(table.rowCount)
    for row in 0..<table.rowCount {
      let code = Int(exactly: column.values[row]) ?? 0
      let name = column.categories[code]
      guard column.firstRows[code] == row else {
        throw .field(
          "path",
          message:
            "\(table.path.quotable): row \(table.line(ofRow: row)): expected each file once, "
            + "received '\(name.quotable)' as in row \(table.line(ofRow: column.firstRows[code]))",
          of: phase)
      }
      names.append(name)
    }
    return names
  }

  private func target(
    _ table: StoredTable, _ index: Int, _ context: DataContext
  ) throws(DataFailure) -> ImageEntries.Target {
    let column = table.columns[1]
    let rows = Array(0..<table.rowCount)
    guard !csv.hasValues else {
      let top = csv.targetTop(nil)
      return .column(try csv.target(top, [column], nil, rows, table), [])
    }
    let found = try csv.classes(of: column, table, index, context) { () throws(DataFailure) in
      try open(context)
    }
    let top = csv.targetTop(.names(found.names))
    return .column(
      try csv.target(top, [column], found.classOf, rows, table),
      csv.similarLabels(column, table))
  }
}
