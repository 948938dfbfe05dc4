package import YAML

/// The invalid cells of a table, up to ten for each column, with their positions.
package struct BadCells: Error, Equatable, Sendable {
  package struct Cell: Equatable, Sendable {
    /// The line in the file at which the row begins.
    package let row: Int
    /// The expected and the received text.
    package let message: String
    /// The position in the table.
    package let mark: Mark

    package static func == (left: Cell, right: Cell) -> Bool {
      left.row == right.row && left.message == right.message
        && left.mark.description == right.mark.description
    }
  }

  package struct Column: Equatable, Sendable {
    package let name: String
    /// The field of the part that defines the column's content. Nil when no field does.
    package let field: String?
    /// The position of the column in that field. Nil for the position of the field.
    package let mark: Mark?
    package fileprivate(set) var cells: [Cell] = []
    /// The number of invalid cells, including those that are not kept.
    package fileprivate(set) var count = 0

    package static func == (left: Column, right: Column) -> Bool {
      left.name == right.name && left.field == right.field && left.cells == right.cells
        && left.count == right.count
    }
  }

  /// The greatest number of cells that are kept for a column.
  package static let limit = 10

  /// The greatest number of columns whose cells are kept.
  package static let columnLimit = 20

  package let path: String
  /// The columns, in the order of their first invalid cell.
  package private(set) var columns: [Column] = []
  /// The number of further columns with invalid cells.
  package var omittedCount: Int { places.count - columns.count }
  /// The index of each column in `columns`, by name. An omitted column has an index beyond the end.
  private var places: [String: Int] = [:]

  init(path: String) { self.path = path }

  package var isEmpty: Bool { columns.isEmpty }

  /// Counts an invalid cell of a column. `cell` runs only for cells that are kept.
  mutating func add(column name: String, field: String?, _ cell: () -> Cell) {
    let index = places[name] ?? places.count
    if index == places.count {
      places[name] = index
      if index < BadCells.columnLimit {
        columns.append(Column(name: name, field: field, mark: nil))
      }
    }
    guard index < columns.count else { return }
    columns[index].count += 1
    if columns[index].cells.count < BadCells.limit { columns[index].cells.append(cell()) }
  }

  /// Counts invalid cells of a column. `cells` returns the first of them.
  mutating func add(
    column name: String, field: String?, mark: Mark? = nil, count: Int, cells: () -> [Cell]
  ) {
    let index = places[name] ?? places.count
    if index == places.count {
      places[name] = index
      if index < BadCells.columnLimit {
        columns.append(Column(name: name, field: field, mark: mark))
      }
    }
    guard index < columns.count else { return }
    columns[index].count += count
    let room = BadCells.limit - columns[index].cells.count
    if room > 0 { columns[index].cells += cells().prefix(room) }
  }

  /// Adds the invalid cells of other columns of the same table.
  package mutating func add(_ others: BadCells) {
    for column in others.columns {
      add(column: column.name, field: column.field, mark: column.mark, count: column.count) {
        column.cells
      }
    }
  }

  /// Describes the first cell of a column and counts the others.
  ///
  /// For example: `t.csv: row 5, column 'a': expected a number, received 'x'`.
  package func message(of column: Column) -> String {
    let first = column.cells.first.map { "\($0.row)" } ?? ""
    let rest = column.count - 1
    let more = rest > 0 ? "; and \(rest) more cell\(rest == 1 ? "" : "s") of the column" : ""
    return "\(path.quotable): row \(first), column '\(column.name.quotable)': "
      + (column.cells.first?.message ?? "") + more
  }

  package var message: String { columns.map { message(of: $0) }.joined(separator: "\n") }

  /// Returns one mistake for each column, at its place in the model file or at the first cell.
  ///
  /// - Parameter mark: returns the position of a field.
  package func diagnostics(_ mark: (_ field: String) -> Mark) -> Diagnostics {
    var diagnostics = Diagnostics()
    for column in columns {
      guard let field = column.field else {
        for cell in column.cells {
          diagnostics.error("column '\(column.name.quotable)': \(cell.message)", at: cell.mark)
        }
        continue
      }
      let notes = column.cells.map { Diagnostic.Note($0.message, at: $0.mark) }
      diagnostics.error(message(of: column), at: column.mark ?? mark(field), notes: notes)
    }
    diagnostics.omitErrors(omittedCount)
    return diagnostics
  }
}
