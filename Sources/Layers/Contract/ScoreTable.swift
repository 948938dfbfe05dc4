/// The table that a metric reports beside its number: figures of each class, or a matrix.
package struct ScoreTable: Sendable, Equatable {
  /// A row of the table, with one value for each column.
  package struct Row: Sendable, Equatable {
    /// The name of the class.
    package let name: String
    /// One value for each column.
    package let values: [Double]

    package init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// The heading of the column with the row names, such as `class`.
  package let corner: String
  /// The headings of the value columns.
  package let columns: [String]
  /// The rows, in the order of the classes.
  package let rows: [Row]

  package init(_ corner: String, columns: [String], rows: [Row]) {
    self.corner = corner
    self.columns = columns
    self.rows = rows
  }

  /// Returns the name of a class, or its number if the class has no name.
  static func name(of index: Int, _ names: [String]) -> String {
    names.indices.contains(index) ? names[index] : String(index)
  }
}
