internal import CZlib
package import Tensors
internal import YAML

/// A running CRC-32, which tells two versions of a content apart, and resists nobody.
///
/// Reference: ISO 3309; the polynomial of gzip (RFC 1952), which notices every single wrong bit and every run of up to
/// 32 of them.
package struct CRC32 {
  static let prefix = "crc32:"
  static let digitCount = 8

  private var sum = crc32_z(0, nil, 0)

  /// The sum of no bytes.
  package init() {}

  /// `crc32:0f1e2d3c`
  package var text: String { CRC32.prefix + sum.digits(CRC32.digitCount, radix: 16) }

  package mutating func add(_ bytes: ArraySlice<UInt8>) {
    sum = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe crc32_z(sum, buffer.baseAddress, buffer.count)
    }
  }

  /// The bytes of the values as they lie in memory.
  package mutating func add(_ values: [Float]) {
    unsafe values.withUnsafeBytes { unsafe add($0) }
  }

  /// The same of values that are not copied for it.
  package mutating func add(_ values: FloatStorage) {
    unsafe add(UnsafeRawBufferPointer(values.buffer))
  }

  private mutating func add(_ buffer: UnsafeRawBufferPointer) {
    let bytes = unsafe buffer.bindMemory(to: UInt8.self)
    sum = unsafe crc32_z(sum, bytes.baseAddress, bytes.count)
  }
}
