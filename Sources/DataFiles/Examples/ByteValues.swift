package import Tensors

/// The values that stored bytes stand for: value = table[group][byte].
///
/// An example of n bytes consists of equal groups of neighbours, such as the channels of an image.
/// Each group has its own 256 values.
package struct ByteValues: Sendable {
  /// The 256 values of each group, in order.
  package let table: FloatStorage
  /// The number of bytes in a group.
  package let groupWidth: Int

  /// The number of groups of an example.
  package var groupCount: Int { table.count / 256 }

  /// The size of the table in bytes.
  package var byteCount: Int { table.count * MemoryLayout<Float>.size }

  /// Makes a table.
  ///
  /// - Parameters:
  ///   - width: the bytes of an example, a multiple of `groups`.
  ///   - value: the value of a byte in a group.
  /// - Returns: nil when there is not enough memory.
  package init?(width: Int, groups: Int = 1, _ value: (_ byte: UInt8, _ group: Int) -> Float) {
    precondition(groups >= 1 && width % groups == 0, "an example has whole groups")
    guard let table = FloatStorage(count: 256 * groups) else { return nil }
    let buffer = unsafe table.buffer
    var values = unsafe buffer.mutableSpan
    for group in 0..<groups {
      for byte in 0...255 {
        values[256 * group + byte] = value(UInt8(truncatingIfNeeded: byte), group)
      }
    }
    self.table = table
    groupWidth = width / groups
  }

  /// Whether every value is finite.
  package var isFinite: Bool {
    let buffer = unsafe table.buffer
    return unsafe buffer.allSatisfy(\.isFinite)
  }

  /// Writes the values of bytes. The first one stands at `position`, counted from the start of any
  /// example.
  package func write(_ bytes: Span<UInt8>, at position: Int, to values: inout MutableSpan<Float>) {
    precondition(bytes.count <= values.count, "a place for each byte")
    let width = max(1, groupWidth)
    let buffer = unsafe table.buffer
    let table = unsafe buffer.span
    var index = 0
    var (group, place) = position.quotientAndRemainder(dividingBy: width)
    while index < bytes.count {
      let first = 256 * (group % groupCount)
      let end = min(bytes.count, index + width - place)
      while index < end {
        values[index] = table[first + Int(truncatingIfNeeded: bytes[index])]
        index += 1
      }
      (group, place) = (group + 1, 0)
    }
  }

  /// The value of the byte at `position`, counted from the start of any example.
  package subscript(byte: UInt8, at position: Int) -> Float {
    table[256 * (position / max(1, groupWidth) % groupCount) + Int(truncatingIfNeeded: byte)]
  }
}
