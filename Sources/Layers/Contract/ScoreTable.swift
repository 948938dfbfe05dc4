/// What a metric tells beside its number: numbers of each class, a matrix.
package struct ScoreTable: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    package let name: String
    package let values: [Double]

    package init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// What the rows are: `class`.
  package let corner: String
  package let columns: [String]
  package let rows: [Row]

  package init(_ corner: String, columns: [String], rows: [Row]) {
    self.corner = corner
    self.columns = columns
    self.rows = rows
  }

  /// The name of a class, or its number where it has none.
  static func name(of index: Int, _ names: [String]) -> String {
    names.indices.contains(index) ? names[index] : String(index)
  }
}
