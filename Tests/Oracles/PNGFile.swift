/// Makes PNG files without a compressor (RFC 1950, 1951, 2083).
package enum PNGFile {
  /// Returns a grey file of one row. Its pixels are stored uncompressed.
  package static func grey(_ row: [UInt8]) -> [UInt8] {
    let data = [0] + row
    let sums = data.reduce((1, 0)) {
      (($0.0 + Int($1)) % 65521, ($0.1 + $0.0 + Int($1)) % 65521)
    }
    let (length, rest) = (data.count, ~data.count)
    let stored: [UInt8] =
      [0x78, 1, 1] + [length, length >> 8, rest, rest >> 8].map { UInt8(truncatingIfNeeded: $0) }
      + data + number(sums.1, 2) + number(sums.0, 2)
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", number(row.count, 4) + number(1, 4) + [8, 0, 0, 0, 0])
      + chunk("IDAT", stored) + chunk("IEND", [])
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
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
