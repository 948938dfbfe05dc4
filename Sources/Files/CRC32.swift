internal import CZlib
internal import Tensors
internal import YAML

/// A running CRC-32 checksum.
///
/// It detects accidental changes. It does not protect against deliberate ones.
///
/// Reference: ISO 3309. The polynomial is that of gzip (RFC 1952). It detects every single wrong
/// bit, and every burst of up to 32 wrong bits.
package struct CRC32 {
  static let prefix = "crc32:"
  static let digitCount = 8

  private var sum = crc32_z(0, nil, 0)

  /// Starts with the checksum of zero bytes.
  package init() {}

  /// The checksum as text: `crc32:0f1e2d3c`.
  package var text: String { CRC32.prefix + sum.digits(CRC32.digitCount, radix: 16) }

  /// The checksum as a number.
  package var value: UInt32 { UInt32(truncatingIfNeeded: sum) }

  package mutating func add(_ bytes: ArraySlice<UInt8>) {
    sum = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe crc32_z(sum, buffer.baseAddress, buffer.count)
    }
  }

  /// Adds the bytes of the values as they lie in memory.
  package mutating func add(_ values: [Float]) {
    unsafe values.withUnsafeBytes { unsafe add($0) }
  }

  /// Adds the bytes of the values without copying them.
  package mutating func add(_ values: Span<Float>) {
    unsafe values.bytes.withUnsafeBytes { unsafe add($0) }
  }

  private mutating func add(_ buffer: UnsafeRawBufferPointer) {
    let bytes = unsafe buffer.bindMemory(to: UInt8.self)
    sum = unsafe crc32_z(sum, bytes.baseAddress, bytes.count)
  }
}
