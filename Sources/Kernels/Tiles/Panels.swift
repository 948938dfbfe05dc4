/// The columns of a result in panels of whole vectors.
///
/// In memory a panel has, for each step, the values of its columns and zeros up to a whole vector.
struct Panels: Sendable, Equatable {
  let columns: Int
  /// The columns of every panel but the last.
  let length: Int
  /// The elements of a vector.
  private let width: Int

  /// Divides `columns` evenly into panels.
  init(_ columns: Int, _ tiles: TileTable) {
    let vectors = tiles.vectors(columns)
    let count = max(1, (vectors + tiles.mostVectors - 1) / tiles.mostVectors)
    self.columns = columns
    width = tiles.width
    length = max(1, (vectors + count - 1) / count) * width
  }

  var count: Int { (columns + length - 1) / length }

  func extent(_ panel: Int) -> Range<Int> {
    panel * length..<min((panel + 1) * length, columns)
  }

  /// The elements of a panel's step in memory.
  func width(_ panel: Int) -> Int { (extent(panel).count + width - 1) / width * width }

  /// The columns that memory is reserved for, in all panels or in one panel.
  ///
  /// They are those of the widest vectors and panels of any table, so that a plan and its memory do
  /// not depend on the processor.
  var reservedWidth: Int { Panels.reservedWidth(columns) }

  static func reservedWidth(_ columns: Int) -> Int {
    (columns + widestVector - 1) / widestVector * widestVector
  }

  static func reservedPanelWidth(_ columns: Int) -> Int {
    min(reservedWidth(columns), widest * widestVector)
  }

  /// The panels of the table that has the most of them.
  static func mostPanels(_ columns: Int) -> Int { reservedWidth(columns) / widestVector }

  private static let widestVector = 16
  private static let widest = 4
}
