import DataFiles
import DataSources
import Foundation
import Oracles
import Testing

/// Makes array files from bytes.

/// Returns an IDX file, where `type` is the element type's code.
func idx(_ axes: [Int], _ elements: [UInt8], type: UInt8 = 8) -> [UInt8] {
  let sizes = axes.flatMap { bytes(UInt32($0).bigEndian) }
  return [0, 0, type, UInt8(axes.count)] + sizes + elements
}

/// Returns a NumPy file of version 1.0.
func npy(
  _ descriptor: String, _ shape: String, _ elements: [UInt8], fortran: Bool = false
) -> [UInt8] {
  npy(
    header: "{'descr': '\(descriptor)', 'fortran_order': \(fortran ? "True" : "False"), "
      + "'shape': \(shape), }", elements)
}

/// A NumPy file of version 1.0 with any header.
func npy(header: String, _ elements: [UInt8]) -> [UInt8] {
  let text = Array((header + "   \n").utf8)
  let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
  return start + bytes(UInt16(text.count)) + text + elements
}

/// Returns a gzip stream that stores `content` uncompressed in one block.
func gzip(_ content: [UInt8]) -> [UInt8] {
  let length = UInt16(content.count)
  let start: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]
  let lengths = bytes(length) + bytes(~length)
  return start + lengths + content + bytes(checksum(content)) + bytes(UInt32(content.count))
}

/// The cyclic redundancy check of gzip, bit by bit.
func checksum(_ content: [UInt8]) -> UInt32 {
  var sum = ~UInt32(0)
  for byte in content {
    sum ^= UInt32(byte)
    for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
  }
  return ~sum
}

/// Returns the little-endian bytes of a number. Pass `number.bigEndian` for big-endian bytes.
func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

extension TemporaryFolder {
  /// Returns the array in a file of these bytes, as inputs.
  func load(_ bytes: [UInt8], as form: String) throws -> Dataset {
    let file = try write(bytes, to: "array")
    let fields = form == "idx" ? "images: \(file)" : "inputs: \(file)"
    return try declaration("{source: \(form), \(fields)}").source.load(context())
  }

  /// Returns the message that refuses the array, without the file's path. Empty without a refusal.
  func refusal(_ bytes: [UInt8], as form: String) throws -> String {
    do {
      _ = try load(bytes, as: form)
      return ""
    } catch let failure as DataFailure {
      let message = failure.message
      let start = "\(path)/array: "
      #expect(message.hasPrefix(start))
      return String(message.dropFirst(start.count))
    }
  }
}
