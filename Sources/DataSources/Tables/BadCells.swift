package import YAML

/// Cells of a table that are not what their columns hold: up to ten a column, at their places.
package struct BadCells: Error, Equatable, Sendable {
  package struct Cell: Equatable, Sendable {
    /// The line at which the row begins.
    package let row: Int
    /// What was expected and received.
    package let message: String
    /// The place in the table.
    package let mark: Mark

    package static func == (left: Cell, right: Cell) -> Bool {
      left.row == right.row && left.message == right.message
        && left.mark.description == right.mark.description
    }
  }

  package struct Column: Equatable, Sendable {
    package let name: String
    /// The field of the part that says what the column holds; nil: none does.
    package let field: String?
    package fileprivate(set) var cells: [Cell] = []
    /// How many are wrong, kept or not.
    package fileprivate(set) var count = 0
  }

  /// The most cells of a column that are kept.
  package static let limit = 10

  /// The most columns of which cells are kept.
  package static let columnLimit = 20

  package let path: String
  /// In the order in which a wrong cell was found.
  package private(set) var columns: [Column] = []
  /// How many more columns have wrong cells.
  package var omittedCount: Int { places.count - columns.count }
  /// By name: a column's place in `columns`, or beyond them.
  private var places: [String: Int] = [:]

  init(path: String) { self.path = path }

  package var isEmpty: Bool { columns.isEmpty }

  /// Counts a cell of a column; `cell` is made where it is kept.
  mutating func add(column name: String, field: String?, _ cell: () -> Cell) {
    let index = places[name] ?? places.count
    if index == places.count {
      places[name] = index
      if index < BadCells.columnLimit { columns.append(Column(name: name, field: field)) }
    }
    guard index < columns.count else { return }
    columns[index].count += 1
    if columns[index].cells.count < BadCells.limit { columns[index].cells.append(cell()) }
  }

  /// `t.csv: row 5, column 'a': expected a number, received 'x'`, the first cell of a column, and
  /// how many more are wrong.
  package func message(of column: Column) -> String {
    let first = column.cells.first.map { "\($0.row)" } ?? ""
    let rest = column.count - 1
    let more = rest > 0 ? "; and \(rest) more cell\(rest == 1 ? "" : "s") of the column" : ""
    return "\(path.quotable): row \(first), column '\(column.name.quotable)': "
      + (column.cells.first?.message ?? "") + more
  }

  package var message: String { columns.map { message(of: $0) }.joined(separator: "\n") }

  /// A mistake for each column: at the field of the model file, or else at the first cell.
  ///
  /// - Parameter mark: where a field is stated.
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
      diagnostics.error(message(of: column), at: mark(field), notes: notes)
    }
    diagnostics.omitErrors(omittedCount)
    return diagnostics
  }
}
