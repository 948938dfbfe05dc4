import Files
import Tensors
import Testing

@Suite("Integers in safetensors files") struct SafetensorsTests {
  private static func file(_ type: String, _ bytes: [UInt8], count: Int) -> [UInt8] {
    let header = Array(
      #"{"label":{"dtype":"\#(type)","shape":[\#(count)],"data_offsets":[0,\#(bytes.count)]}}"#.utf8
    )
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> ($0 * 8)) } + header + bytes
  }

  private static func bytes<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
    values.flatMap { value in
      (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
  }

  @Test("are read if single precision represents them exactly")
  func exact() throws {
    let values = [0, 1, -7, 1 << 24, -(1 << 30)]
    for (type, bytes) in [
      ("I64", SafetensorsTests.bytes(values.map { Int64($0) })),
      ("I32", SafetensorsTests.bytes(values.map { Int32($0) })),
    ] {
      let read = try Safetensors(SafetensorsTests.file(type, bytes, count: 5), name: "in")
      #expect(read["label"]?.shape == Shape([5]))
      #expect(read["label"]?.values == values.map { Float($0) })
    }
  }

  /// Includes signalling NaNs, which a conversion to double and back would change.
  @Test("do not change the bits of floats")
  func bitsOfFloats() throws {
    let bits: [UInt32] = [0x7F83_E25C, 0xFF80_0001, 0x7FC0_0000, 0x8000_0000, 1, 0x7F7F_FFFF]
    let file = SafetensorsTests.file("F32", SafetensorsTests.bytes(bits), count: bits.count)
    let read = try Safetensors(file, name: "in")
    #expect(read["label"]?.values.map(\.bitPattern) == bits)
  }

  private static func refusal(_ bytes: [UInt8], reading wanted: Set<String>? = nil) -> String {
    do {
      _ = try Safetensors(bytes, name: "in", reading: { name, _ in wanted?.contains(name) ?? true })
      return ""
    } catch {
      return error.rendered
    }
  }

  @Test(
    "are read beside tensors of any other type",
    arguments: [
      ("BOOL", 8), ("F4", 4), ("F6_E2M3", 6), ("F6_E3M2", 6), ("U8", 8), ("I8", 8), ("F8_E5M2", 8),
      ("F8_E4M3", 8), ("F8_E8M0", 8), ("I16", 16), ("U16", 16), ("F16", 16), ("BF16", 16),
      ("I32", 32), ("U32", 32), ("F32", 32), ("C64", 64), ("F64", 64), ("I64", 64), ("U64", 64),
    ])
  func others(type: String, bits: Int) throws {
    // All bits are set. As a float, such bytes are NaN.
    let other = [UInt8](repeating: 0xFF, count: 12 * bits / 8)
    let end = other.count + 8
    func file(count: Int, type: String = type) -> [UInt8] {
      let first =
        #"{"other":{"dtype":"\#(type)","shape":[\#(count)],"data_offsets":[0,\#(other.count)]},"#
      let second = #""label":{"dtype":"I32","shape":[2],"data_offsets":[\#(other.count),\#(end)]}}"#
      let header = Array((first + second).utf8)
      return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> ($0 * 8)) } + header + other
        + SafetensorsTests.bytes([Int32(3), -1])
    }
    let read = try Safetensors(file(count: 12), name: "in", reading: { name, _ in name != "other" })
    #expect(read.tensors.map(\.name) == ["label"])
    #expect(read["label"]?.values == [3, -1])
    // The skipped tensor must have the size of its type.
    for count in [11, 13] {
      let message = SafetensorsTests.refusal(file(count: count), reading: ["label"])
      let isPartial = bits < 8 && count * bits % 8 != 0
      #expect(
        message == "error: in: tensor 'other': "
          + (isPartial
            ? "\(count) elements of \(bits) bits do not fill whole bytes"
            : "expected \(count * bits / 8) bytes from offset 0 on, within the file"))
    }
    #expect(
      SafetensorsTests.refusal(file(count: 12, type: "X"), reading: ["label"])
        == "error: in: tensor 'other': expected a type of the format, such as F32, received 'X'")
  }

  @Test("are refused if they are not exact, or if their bytes do not fit")
  func refused() {
    let long = SafetensorsTests.bytes([Int64(1), 1 << 24 + 1])
    #expect(
      SafetensorsTests.refusal(SafetensorsTests.file("I64", long, count: 2))
        == "error: in: tensor 'label' has an integer that float32 cannot represent exactly")
    #expect(
      SafetensorsTests.refusal(SafetensorsTests.file("I32", long, count: 2))
        == "error: in: tensor 'label': expected 8 bytes from offset 0 on, within the file")
    #expect(
      SafetensorsTests.refusal(SafetensorsTests.file("I16", long, count: 8))
        == "error: in: tensor 'label': expected type F32, F16, BF16, F64, I32 or I64, received I16")
    #expect(
      SafetensorsTests.refusal(SafetensorsTests.file("F128", long, count: 1))
        == "error: in: tensor 'label': expected a type of the format, such as F32, received 'F128'")
    let hollow = SafetensorsTests.file("I64", [], count: Int.max / 8 + 1)
    #expect(
      SafetensorsTests.refusal(hollow)
        == "error: in: tensor 'label': expected a shape of sizes from 0")
  }
}
