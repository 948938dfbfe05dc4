internal import CTiles
internal import Glibc

/// The tiles of one instruction set: AVX-512, AVX2 or NEON.
///
/// All tables compute every result as the same chain of fused multiply-adds. A table therefore
/// decides about the speed of a product, and never about its bits.
@safe
package struct TileTable: @unchecked Sendable {
  private let tiles: UnsafePointer<dl_tiles_t>

  /// `avx512`, `avx512vl` (its half vectors), `avx2` or `neon`.
  package let name: String
  /// The elements of a vector.
  let width: Int
  /// The most vectors of a row.
  let mostVectors: Int
  /// The most rows of a tile with one vector, two vectors, and so on.
  private let mostRows: [Int]

  private init(_ tiles: UnsafePointer<dl_tiles_t>) {
    unsafe self.tiles = tiles
    name = unsafe String(cString: tiles.pointee.name)
    width = unsafe tiles.pointee.width
    mostVectors = unsafe tiles.pointee.vectors
    let rows = unsafe tiles.pointee.rows
    mostRows = [rows.0, rows.1, rows.2, rows.3]
  }

  /// Returns the table of a name. Nil if the processor cannot run it, or if there is none.
  package init?(named name: String) {
    guard let tiles = unsafe dl_tiles(name) else { return nil }
    unsafe self.init(tiles)
  }

  /// The tables that the processor can run, the fastest first.
  package static let all = ["avx512", "avx512vl", "avx2", "neon"].compactMap {
    TileTable(named: $0)
  }

  /// The name of the environment variable that selects a table.
  package static let variable = "DLRUN_VECTORS"

  private static let choice = Result { () throws(KernelError) in
    let names = all.map(\.name).joined(separator: " and ")
    guard let fastest = all.first else {
      throw KernelError("this processor has no vector instructions that dlrun knows")
    }
    guard let value = unsafe getenv(variable) else { return fastest }
    let name = unsafe String(cString: value)
    guard let table = TileTable(named: name) else {
      throw KernelError("\(variable) is \"\(name)\", and this processor has \(names)")
    }
    return table
  }

  /// The table of this process: the fastest, or the one that `DLRUN_VECTORS` names.
  ///
  /// - Throws: ``KernelError`` if the variable names no table of this processor.
  package static func chosen() throws(KernelError) -> TileTable { try choice.get() }

  /// Why this processor, or the variable, leaves the process without tiles. Nil if it has some.
  package static var problem: String? {
    if case .failure(let error) = choice { error.message } else { nil }
  }

  /// The most rows of a tile with so many vectors.
  func rows(vectors: Int) -> Int { mostRows[vectors - 1] }

  /// Returns the transforms of minimal filtering with 3 or 5 taps along an axis.
  func filtering(taps: Int) -> dl_filtering_t {
    let all = unsafe tiles.pointee.filtering
    return all.0.taps == taps ? all.0 : all.1
  }

  /// Returns the table of the same instruction set that computes rows of `columns` elements in the
  /// least time.
  ///
  /// Half a vector of AVX-512 takes as long as a whole one, or half as long on processors that
  /// compute the halves one after the other.
  func suited(to columns: Int) -> TileTable {
    guard name == "avx512", let halves = TileTable.halves else { return self }
    func time(_ table: TileTable, _ ofVector: Int) -> (Int, Int) {
      (table.vectors(columns) * ofVector, table.vectors(columns) * table.width)
    }
    return time(halves, 1) < time(self, TileTable.hasHalfUnits ? 2 : 1) ? halves : self
  }

  private static let halves = TileTable(named: "avx512vl")
  private static let hasHalfUnits = dl_has_half_units() != 0

  /// Returns the number of vectors that hold `columns` elements.
  func vectors(_ columns: Int) -> Int { (columns + width - 1) / width }

  /// Computes all rows of `tile`.
  ///
  /// - Parameter lanes: true if the left operand has a value for each column.
  @inline(__always)
  func multiply(_ tile: inout dl_tile_t, lanes: Bool = false) {
    unsafe (lanes ? tiles.pointee.multiply_lanes : tiles.pointee.multiply)(&tile)
  }
}
