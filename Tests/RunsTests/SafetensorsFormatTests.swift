import Expressions
import Files
import Oracles
import RunOracles
import Runs
import Tensors
import Testing

@Suite("Files that violate the safetensors format") struct SafetensorsFormatTests {
  /// Makes a file from a header, a number of zero bytes as values, and optionally a wrong header
  /// length.
  static func file(_ header: String, values: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let header = Array(header.utf8)
    let length = length ?? UInt64(header.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + header
      + [UInt8](repeating: 0, count: values)
  }

  private static func refusal(_ bytes: [UInt8]) -> String {
    do {
      _ = try Safetensors(bytes, name: "in")
      return ""
    } catch {
      return error.rendered
    }
  }

  private static func tensor(
    _ name: String, type: String = #""F32""#, shape: String = "[2]", offsets: String = "[0,8]"
  ) -> String {
    #""\#(name)":{"dtype":\#(type),"shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  @Test("a header that does not fit its file is refused")
  func lengths() {
    let cases: [(bytes: [UInt8], message: String)] = [
      ([], "0 bytes are too few for a safetensors file"),
      ([2, 0, 0, 0, 0, 0, 0], "7 bytes are too few for a safetensors file"),
      (
        SafetensorsFormatTests.file("{}", length: 0),
        "header length 0 does not fit a file of 10 bytes"
      ),
      (
        SafetensorsFormatTests.file("{}", length: 1),
        "header length 1 does not fit a file of 10 bytes"
      ),
      (
        SafetensorsFormatTests.file("{}", length: 3),
        "header length 3 does not fit a file of 10 bytes"
      ),
      (
        SafetensorsFormatTests.file("{}", length: 1 << 63),
        "header length 9223372036854775808 does not fit a file of 10 bytes"
      ),
      (
        SafetensorsFormatTests.file("{}", length: .max),
        "header length 18446744073709551615 does not fit a file of 10 bytes"
      ),
    ]
    for (bytes, message) in cases {
      #expect(SafetensorsFormatTests.refusal(bytes) == "error: in: \(message)")
    }
  }

  @Test("a header of 100 MB is read, a longer one refused")
  func longest() throws {
    let padding = [UInt8](repeating: UInt8(ascii: " "), count: 99_999_998)
    let longest = SafetensorsFormatTests.file("{}", length: 100_000_000) + padding
    #expect(try Safetensors(longest, name: "in").tensors.isEmpty)
    let longer = SafetensorsFormatTests.file("{}", length: 100_000_001) + padding + [0x20]
    #expect(
      SafetensorsFormatTests.refusal(longer)
        == "error: in: header length 100000001 does not fit a file of 100000009 bytes")
  }

  private static let shape = "tensor 'a': expected a shape of sizes from 0"
  private static let place = "tensor 'a': expected 8 bytes from offset 0 on, within the file"
  private static let offsets = "tensor 'a': expected two offsets from 0"
  private static let texts = "the metadata do not map names to texts"

  private static let headers: [(header: String, values: Int, message: String)] = [
    // JSON
    ("[]", 0, "the header does not begin with '{'"),
    (" {}", 0, "the header does not begin with '{'"),
    ("{'a': 1}", 0, "the header is not JSON: expected a name in quotes, at byte 9"),
    ("{a: 1}", 0, "the header is not JSON: expected a name in quotes, at byte 9"),
    ("{}{}", 0, "the header is not JSON: expected the end of the text, at byte 10"),
    ("{}\0\0", 0, "the header is not JSON: expected the end of the text, at byte 10"),
    (
      "{\(tensor("a")),\(tensor("a"))}", 8,
      "the header is not JSON: duplicate name 'a', at byte 62"
    ),
    // Metadata
    (#"{"__metadata__":1}"#, 0, texts), (#"{"__metadata__":["a"]}"#, 0, texts),
    (#"{"__metadata__":{"a":1}}"#, 0, texts), (#"{"__metadata__":{"a":null}}"#, 0, texts),
    (#"{"__metadata__":{"a":{}}}"#, 0, texts),
    // Types
    (
      "{\(tensor("a", type: #""F31""#))}", 8,
      "tensor 'a': expected a type of the format, such as F32, received 'F31'"
    ),
    (
      "{\(tensor("a", type: #""f32""#))}", 8,
      "tensor 'a': expected a type of the format, such as F32, received 'f32'"
    ),
    (
      "{\(tensor("a", type: "32"))}", 8,
      "tensor 'a': expected a type of the format, such as F32, received '32'"
    ),
    (
      "{\(tensor("a", type: "null"))}", 8,
      "tensor 'a': expected a type of the format, such as F32, received nothing"
    ),
    (
      #"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, 8,
      "tensor 'a': expected a type of the format, such as F32, received none"
    ),
    (
      #"{"a":[]}"#, 8,
      "tensor 'a': expected a type of the format, such as F32, received none"
    ),
    // Shapes
    (#"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#, 8, shape),
    ("{\(tensor("a", shape: "2"))}", 8, shape), ("{\(tensor("a", shape: "[-2]"))}", 8, shape),
    ("{\(tensor("a", shape: "[-0]"))}", 8, shape), ("{\(tensor("a", shape: "[2.0]"))}", 8, shape),
    ("{\(tensor("a", shape: #"["2"]"#))}", 8, shape),
    ("{\(tensor("a", shape: "[[2]]"))}", 8, shape), ("{\(tensor("a", shape: "[true]"))}", 8, shape),
    ("{\(tensor("a", shape: "[4294967296,4294967296]"))}", 8, shape),
    ("{\(tensor("a", shape: "[9223372036854775807]"))}", 8, shape),
    ("{\(tensor("a", shape: "[18446744073709551618]"))}", 8, shape),
    (
      "{\(tensor("a", shape: "[3]"))}", 8,
      "tensor 'a': expected 12 bytes from offset 0 on, within the file"
    ),
    (
      "{\(tensor("a", shape: "[1152921504606846975]"))}", 8,
      "tensor 'a': expected 4611686018427387900 bytes from offset 0 on, within the file"
    ),
    // Offsets
    (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, offsets),
    ("{\(tensor("a", offsets: "[8]"))}", 8, offsets),
    ("{\(tensor("a", offsets: "[0,8,16]"))}", 8, offsets),
    ("{\(tensor("a", offsets: "[-8,0]"))}", 8, offsets),
    ("{\(tensor("a", offsets: "[0,18446744073709551624]"))}", 8, offsets),
    ("{\(tensor("a", offsets: #"["0","8"]"#))}", 8, offsets),
    ("{\(tensor("a", offsets: "[8,0]"))}", 8, place),
    ("{\(tensor("a", offsets: "[4,12]"))}", 12, place),
    ("{\(tensor("a", offsets: "[0,4]"))}", 4, place),
    ("{\(tensor("a"))}", 7, place), ("{\(tensor("a"))}", 0, place),
    ("{\(tensor("a", offsets: "[0,9223372036854775807]"))}", 8, place),
    ("{\(tensor("a", offsets: "[9223372036854775799,9223372036854775807]"))}", 8, place),
    (
      "{\(tensor("a")),\(tensor("b", offsets: "[4,12]"))}", 12,
      "tensor 'b': expected 8 bytes from offset 8 on, within the file"
    ),
    (
      "{\(tensor("a")),\(tensor("b"))}", 8,
      "tensor 'b': expected 8 bytes from offset 8 on, within the file"
    ),
    (
      "{\(tensor("a")),\(tensor("b", offsets: "[12,20]"))}", 20,
      "tensor 'b': expected 8 bytes from offset 8 on, within the file"
    ),
    ("{\(tensor("a"))}", 9, "1 bytes after the last tensor"),
    ("{}", 3, "3 bytes after the last tensor"),
  ]

  @Test("a header against the rules is refused", arguments: headers)
  func rules(header: String, values: Int, message: String) {
    let bytes = SafetensorsFormatTests.file(header, values: values)
    #expect(SafetensorsFormatTests.refusal(bytes) == "error: in: \(message)")
  }

  @Test(
    "a valid file is read: any order, empty tensors, scalars, padding, unknown checksums")
  func allowed() throws {
    let header =
      #"{"__metadata__":{"checksum":"sha256:00","a":"crc32"},"#
      + SafetensorsFormatTests.tensor("b", shape: "[]", offsets: "[8,12]") + ","
      + SafetensorsFormatTests.tensor("e", shape: "[3,0,7]", offsets: "[8,8]") + ","
      + SafetensorsFormatTests.tensor("a") + "}   "
    let file = try Safetensors(SafetensorsFormatTests.file(header, values: 12), name: "in")
    #expect(file.tensors.map(\.name) == ["a", "e", "b"])
    #expect(file.tensors.map(\.shape.axes) == [[2], [3, 0, 7], []])
    #expect(file.tensors.map(\.values) == [[0, 0], [], [0]])
    #expect(file.metadata == ["checksum": "sha256:00", "a": "crc32"])
  }

  /// Returns the weights and the last checkpoint of a short training.
  private static func ownFiles() throws -> [(name: String, bytes: [UInt8])] {
    let folder = try TemporaryFolder()
    let model = spiralModel(
      network: [
        "name: ip1, type: Linear, num_output: 40", "name: relu1, type: ReLU",
        "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
      ],
      solver: "type: Adam, base_lr: 0.01, max_iter: 2, snapshot: 1")
    try run(model, in: folder)
    return try ["run/weights.safetensors", "run/checkpoints/00000002.safetensors"].map { name in
      (name, try folder.bytes(name))
    }
  }

  private static func headerEnd(_ bytes: [UInt8]) -> Int {
    8 + bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  @Test("a file from dlrun that was cut short anywhere is refused")
  func truncated() throws {
    for (name, bytes) in try SafetensorsFormatTests.ownFiles() {
      #expect(SafetensorsFormatTests.refusal(bytes) == "", "\(name)")
      let end = SafetensorsFormatTests.headerEnd(bytes)
      try #require(bytes.count - end > 500)
      let others = (0..<500).map { end + $0 * (bytes.count - end) / 500 }
      let read = (Array(0..<end) + others).filter {
        SafetensorsFormatTests.refusal(Array(bytes[..<$0])) == ""
      }
      #expect(read == [], "\(name)")
    }
  }

  @Test("a file from dlrun with one wrong bit is refused: each of the header, 2,000 of the values")
  func flipped() throws {
    for (name, bytes) in try SafetensorsFormatTests.ownFiles() {
      let headerBits = SafetensorsFormatTests.headerEnd(bytes) * 8
      let valueBits = bytes.count * 8 - headerBits
      try #require(valueBits > 4000)
      let others = (0..<2000).map { headerBits + $0 * valueBits / 2000 + $0 % 2 }
      var damaged = bytes
      let read = (Array(0..<headerBits) + others).filter { bit in
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        defer { damaged[bit / 8] = bytes[bit / 8] }
        return SafetensorsFormatTests.refusal(damaged) == ""
      }
      #expect(read == [], "\(name)")
    }
  }

  @Test("a changed file with a checksum counts as damaged, whatever the checksum is called")
  func damaged() throws {
    let tensor = Safetensors.Tensor(name: "a", shape: Shape([2]), values: [1, 2])
    let bytes = Safetensors([tensor], metadata: ["k": "v"]).bytes
    let text = String(decoding: bytes, as: UTF8.self)
    try #require(text.contains(#""checksum": "crc32:"#))
    #expect(try Safetensors(bytes, name: "in").metadata == ["k": "v"])
    let message = "error: in: damaged: the content does not match the checksum"
    for (word, other) in [
      ("checksum", "checksun"), ("crc32", "crc33"), (#""v""#, #""w""#), (#""a""#, #""b""#),
    ] {
      let place = try #require(bytes.firstRange(of: Array(word.utf8)))
      var changed = bytes
      changed.replaceSubrange(place, with: other.utf8)
      #expect(SafetensorsFormatTests.refusal(changed) == message, "\(word)")
    }
  }
}
