/// Makes PNG files without a compressor (RFC 1950, 1951, 2083).
package enum PNGFile {
  /// Returns a grey file of one row. Its pixels are stored uncompressed.
  package static func grey(_ row: [UInt8]) -> [UInt8] { file(width: row.count, [row]) }

  /// Returns a file whose pixels are stored uncompressed.
  ///
  /// - Parameters:
  ///   - rows: the bytes of each row. Samples of fewer than 8 bits are packed.
  ///   - colorType: 0 grey, 2 colors, 3 palette, 4 grey with alpha, 6 colors with alpha.
  ///   - palette: three bytes for each color.
  ///   - orientation: the Exif orientation. Nil states none.
  package static func file(
    width: Int, _ rows: [[UInt8]], depth: Int = 8, colorType: Int = 0, palette: [UInt8] = [],
    orientation: UInt8? = nil
  ) -> [UInt8] {
    let data: [UInt8] = rows.flatMap { (row: [UInt8]) -> [UInt8] in [0] + row }
    let sums = data.reduce((1, 0)) {
      (($0.0 + Int($1)) % 65521, ($0.1 + $0.0 + Int($1)) % 65521)
    }
    let (length, rest) = (data.count, ~data.count)
    var stored: [UInt8] = [0x78, 1, 1]
    for part in [length, length >> 8, rest, rest >> 8] {
      stored.append(UInt8(truncatingIfNeeded: part))
    }
    stored += data
    stored += number(sums.1, 2)
    stored += number(sums.0, 2)
    let kind = [UInt8(clamping: depth), UInt8(clamping: colorType), 0, 0, 0]
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    file += chunk("IHDR", number(width, 4) + number(rows.count, 4) + kind)
    if !palette.isEmpty { file += chunk("PLTE", palette) }
    if let orientation {
      let start: [UInt8] = [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1]
      file += chunk("eXIf", start + [1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0])
    }
    return file + chunk("IDAT", stored) + chunk("IEND", [])
  }

  /// Returns a chunk with its checksum.
  package static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return number(data.count, 4) + body + number(Int(checksum(body)), 4)
  }

  /// The bytes of a number, the highest first.
  private static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// The cyclic redundancy check of PNG, bit by bit.
  private static func checksum(_ content: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in content {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
