import Tensors
import Testing
import Training

@Suite("Whole numbers in safetensors") struct SafetensorsTests {
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

  @Test("are read where single precision has them")
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

  private static func refusal(_ bytes: [UInt8]) -> String {
    do {
      _ = try Safetensors(bytes, name: "in")
      return ""
    } catch {
      return error.rendered
    }
  }

  @Test("are refused where it has not, or their bytes do not fit")
  func refused() {
    let long = SafetensorsTests.bytes([Int64(1), 1 << 24 + 1])
    #expect(
      SafetensorsTests.refusal(SafetensorsTests.file("I64", long, count: 2))
        == "error: in: tensor 'label' has a whole number that single precision has not")
    #expect(
      SafetensorsTests.refusal(SafetensorsTests.file("I32", long, count: 2))
        == "error: in: tensor 'label': expected 8 bytes from offset 0 on, within the file")
    #expect(
      SafetensorsTests.refusal(SafetensorsTests.file("F16", long, count: 8))
        == "error: in: tensor 'label': expected type F32, I32 or I64")
    let hollow = SafetensorsTests.file("I64", [], count: Int.max / 8 + 1)
    #expect(
      SafetensorsTests.refusal(hollow)
        == "error: in: tensor 'label': expected a shape of sizes from 0")
  }
}
