import DataFiles
import DataSources
import Foundation
import Testing

@Suite struct DatePartsTests {
  /// Compares the sine and cosine of the time of the day with those of the system. The angles in
  /// radians, which the system needs, are rounded by up to 1e-15.
  @Test func sineAndCosineAreExact() throws {
    var encoding = ColumnEncoding(column: "a")
    encoding.kind = .datetime
    for minute in 0..<1440 {
      let time =
        "1970-01-01T\(String(100 + minute / 60).suffix(2)):\(String(100 + minute % 60).suffix(2))"
      let reader = try TableReader(TableSource(Array("a\n\(time)\n".utf8), path: "t.csv"))
      let table = try reader.read([encoding.request(0, field: nil)])
      let values = try ColumnEncoder(encoding, of: table.columns[0], in: table).values(ofRow: 0)
      let angle = 2 * Double.pi * Double(minute) / 1440
      #expect(abs(values[5] - sin(angle)) < 2e-15)
      #expect(abs(values[6] - cos(angle)) < 2e-15)
    }
  }
}
