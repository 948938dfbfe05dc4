import CZlib

/// Makes PNG files from samples, without filters.
struct PNGBytes {
  var width: Int
  var height: Int
  /// The bits of a sample.
  var depth = 8
  var colorType = 2
  var isInterlaced = false
  /// The samples of all pixels, row-major.
  var samples: [Int]
  var palette: [UInt8] = []
  var transparency: [UInt8] = []
  /// Other chunks between the header and the pixels.
  var chunks: [[UInt8]] = []

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The first column and row, and the distances of columns and rows, of the interlaced passes.
  private static let passes = [
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
    (0, 1, 1, 2),
  ]

  var components: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colorType] ?? 0 }

  /// The whole file.
  var bytes: [UInt8] {
    var file = PNGBytes.signature + PNGBytes.chunk("IHDR", header)
    if !palette.isEmpty { file += PNGBytes.chunk("PLTE", palette) }
    if !transparency.isEmpty { file += PNGBytes.chunk("tRNS", transparency) }
    file += chunks.flatMap { $0 }
    return file + PNGBytes.chunk("IDAT", PNGBytes.deflate(rows)) + PNGBytes.chunk("IEND", [])
  }

  var header: [UInt8] {
    PNGBytes.number(width) + PNGBytes.number(height)
      + [UInt8(depth), UInt8(colorType), 0, 0, isInterlaced ? 1 : 0]
  }

  /// The rows of all passes, each behind the number of its filter.
  private var rows: [UInt8] {
    let passes = isInterlaced ? PNGBytes.passes : [(0, 0, 1, 1)]
    return passes.flatMap { left, top, right, down -> [UInt8] in
      let columns = Array(stride(from: left, to: width, by: right))
      guard !columns.isEmpty else { return [] }
      return stride(from: top, to: height, by: down).flatMap { row -> [UInt8] in
        let values = columns.flatMap { column in
          samples[(row * width + column) * components..<(row * width + column + 1) * components]
        }
        return [0] + packed(values)
      }
    }
  }

  /// Packs samples of one row, the first in the highest bits.
  private func packed(_ values: [Int]) -> [UInt8] {
    let bits = values.flatMap { value in
      (0..<depth).reversed().map { UInt8(truncatingIfNeeded: value >> $0 & 1) }
    }
    return stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<8).reduce(0) { $0 << 1 | (start + $1 < bits.count ? bits[start + $1] : 0) }
    }
  }

  static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    let sum = unsafe body.withUnsafeBufferPointer { buffer in
      unsafe crc32_z(0, buffer.baseAddress, buffer.count)
    }
    return number(data.count) + body + number(Int(sum))
  }

  /// A chunk whose checksum is wrong.
  static func damagedChunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    var bytes = chunk(name, data)
    bytes[bytes.count - 1] ^= 1
    return bytes
  }

  static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    let status = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe compress2(&result, &count, buffer.baseAddress, uLong(buffer.count), 9)
    }
    precondition(status == Z_OK, "zlib could not compress")
    return Array(result[..<Int(count)])
  }

  private static func number(_ value: Int) -> [UInt8] {
    (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
