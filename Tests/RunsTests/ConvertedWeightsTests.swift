import Files
import Oracles
import RunOracles
import Runs
import Testing

/// Weights of other types than float32, and the tensors that PyTorch saves beside parameters.
@Suite struct ConvertedWeightsTests {
  private static let model = spiralModel(
    network: [
      "name: ip, type: Linear, num_output: 3", "name: bn, type: BatchNorm",
      "name: loss, type: SoftmaxWithLoss",
    ],
    // A rate of 0 leaves the weights unchanged.
    solver: "base_lr: 0, max_iter: 1")

  private static func bytes<Bits: FixedWidthInteger>(_ values: [Bits]) -> [UInt8] {
    values.flatMap { value in
      (0..<Bits.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
  }

  /// Makes a file from tensors with name, type, shape and bytes.
  private static func file(_ tensors: [(String, String, String, [UInt8])]) -> [UInt8] {
    var end = 0
    let entries = tensors.map { name, type, shape, bytes in
      let start = end
      end += bytes.count
      return
        "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    return bytes([UInt64(header.count)]) + header + tensors.flatMap(\.3)
  }

  private static let singles: [(String, [Float])] = [
    ("bn.bias", [0, 1, 2]), ("bn.running_mean", [0.5, 0, 0]), ("bn.running_var", [1, 2, 3]),
  ]

  private static func weights(double: [Double], rest: [(String, String, String, [UInt8])] = [])
    -> [UInt8]
  {
    let brains: [UInt16] = [0x3F80, 0x4000, 0xBF00, 0x4049, 0, 0x0080]
    let halves: [UInt16] = [0x3C00, 0x3555, 0x0001]
    return file(
      [
        ("ip.weight", "BF16", "[3,2]", bytes(brains)),
        ("ip.bias", "F64", "[3]", bytes(double.map(\.bitPattern))),
        ("bn.weight", "F16", "[3]", bytes(halves)),
      ] + singles.map { ($0, "F32", "[3]", bytes($1.map(\.bitPattern))) } + rest)
  }

  @Test func areConvertedAndReported() throws {
    let folder = try TemporaryFolder()
    let count = ("bn.num_batches_tracked", "I64", "[]", Self.bytes([Int64(1 << 40) + 1]))
    let file = Self.weights(double: [0.1, 0.5, -3], rest: [count])
    try folder.write(file, to: "in.safetensors")
    let path = folder.file("in.safetensors")
    try run(Self.model, in: folder) { $0.weights = path }
    let name = "run/weights.safetensors"
    let after = try Safetensors(try folder.bytes(name), name: name)
    #expect(after["ip.weight"]?.values == [1, 2, -0.5, 3.140625, 0, 0x1p-126])
    #expect(after["ip.bias"]?.values == [0.1, 0.5, -3])
    #expect(after["bn.weight"]?.values == [1, 0x1.554p-2, 0x1p-24])
    #expect(after["bn.bias"]?.values == [0, 1, 2])
    let record = try folder.text("run/run.json")
    #expect(
      record.contains(
        "in.safetensors: 6 of 6 parameters; 1 tensor of F16 and 1 tensor of BF16 and 1 tensor of F64 "
          + "(1 rounded) converted to float32\""), "\(record)")
  }

  @Test func numbersBeyondTheRangeAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.weights(double: [0, 1e300, 0]), to: "in.safetensors")
    let path = folder.file("in.safetensors")
    #expect(
      failure(of: Self.model, in: folder) { $0.weights = path }
        == "error: \(path): tensor 'ip.bias' has the value 1e+300, which is beyond the range of "
        + "float32")
    #expect(!folder.contents.contains("run/"))
  }

  /// A batch count for a layer outside the model belongs to no parameter.
  @Test func aForeignCountIsExtra() throws {
    let folder = try TemporaryFolder()
    let count = ("other.num_batches_tracked", "I64", "[]", Self.bytes([Int64(1)]))
    try folder.write(Self.weights(double: [0, 0, 0], rest: [count]), to: "in.safetensors")
    let path = folder.file("in.safetensors")
    #expect(
      failure(of: Self.model, in: folder) { $0.weights = path }
        .contains("; extra: 'other.num_batches_tracked' (--allow-missing"))
  }
}
