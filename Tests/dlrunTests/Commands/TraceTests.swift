import Foundation
import ModelFiles
import Oracles
import Testing

@Suite struct TraceTests {
  @Test func writesTheTensorsOfAStep() throws {
    let folder = try TemporaryFolder()
    let model = Program.model("spiral")
    let result = try Program.run(["trace", model, "--output", "out.safetensors"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    #expect(result.output == "19 tensors written to out.safetensors\n")
    #expect(folder.contents == ["out.safetensors"])
    let bytes = try folder.bytes("out.safetensors")
    let header = String(decoding: bytes.dropFirst(8).prefix(4000), as: UTF8.self)
    #expect(header.contains(#""grad.ip1.weight""#) && header.contains(#""grad.data""#))

    // Repeats the trace with other threads and slices, on its own batch.
    let again = try Program.run(
      ["trace", model, "--output", "again", "--threads", "3", "--set", "solver.shards=4"],
      in: folder)
    #expect(again.exitCode == 0)
    #expect(try folder.bytes("again") == bytes)
    let same = try Program.run(
      ["trace", model, "--input", "out.safetensors", "--output", "same"], in: folder)
    #expect(same.exitCode == 0)
    #expect(try folder.bytes("same") == bytes)
  }

  /// Another framework may save further tensors, with types and values that dlrun does not read.
  @Test func ignoresOtherTensorsOfItsInput() throws {
    let folder = try TemporaryFolder()
    let header = """
      {"half":{"dtype":"I16","shape":[3],"data_offsets":[0,6]},\
      "id":{"dtype":"I64","shape":[1],"data_offsets":[6,14]},\
      "data":{"dtype":"F32","shape":[1,2],"data_offsets":[14,22]},\
      "label":{"dtype":"I32","shape":[1],"data_offsets":[22,26]}}
      """
    var bytes = [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
    bytes += [UInt8](repeating: 0x7F, count: 14) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 2, 0, 0, 0]
    try folder.write(bytes, to: "in.safetensors")
    let arguments = ["trace", Program.model("spiral"), "--output", "out", "--input"]
    let result = try Program.run(arguments + ["in.safetensors"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    // Tensors of the batch itself are never ignored.
    let half = header.replacing("\"half\"", with: "\"data\"").replacing(
      "\"data\":{\"dtype\":\"F32\"", with: "\"rest\":{\"dtype\":\"F32\"")
    bytes.replaceSubrange(8..<8 + header.utf8.count, with: half.utf8)
    try folder.write(bytes, to: "half")
    let refused = try Program.run(arguments + ["half", "--overwrite"], in: folder)
    #expect(refused.exitCode == 1)
    #expect(
      refused.errors
        == "error: half: tensor 'data': expected type F32, F16, BF16, F64, I32 or I64, received I16\n"
    )
  }

  /// `--weights` accepts the weights of a run.
  @Test func readsTheWeightsOfARun() throws {
    let folder = try TemporaryFolder()
    let arguments = [Program.model("iris"), "--set", "solver.max_epochs=1", "--set", "expect=~"]
    let training = try Program.run(arguments + ["--output", "run", "--quiet"], in: folder)
    try #require(training.exitCode == 0)
    let result = try Program.run(
      ["trace", "run/model.yaml", "--weights", "run/weights.safetensors", "--output", "out"],
      in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    let first = try Program.run(["trace", "run/model.yaml", "--output", "first"], in: folder)
    #expect(first.exitCode == 0)
    #expect(try folder.bytes("first") != folder.bytes("out"))
  }

  @Test func refusesFilesThatDoNotFit() throws {
    let folder = try TemporaryFolder()
    let model = Program.model("spiral")
    let missing = try Program.run(
      ["trace", model, "--weights", "w", "--output", "out"], in: folder)
    #expect(missing.exitCode == 4)
    #expect(missing.errors == "error: cannot read 'w': No such file or directory\n")
    try folder.write("no tensors", to: "w")
    let broken = try Program.run(["trace", model, "--input", "w", "--output", "out"], in: folder)
    #expect(broken.exitCode == 1)
    #expect(broken.errors.hasPrefix("error: w: header length "))
    let place = try Program.run(["trace", model, "--output", "none/out"], in: folder)
    #expect(place.exitCode == 4)
    #expect(place.errors == "error: cannot write 'none/out': No such file or directory\n")
    let memory = try Program.run(
      ["trace", model, "--output", "out", "--memory-limit", "1MB"], in: folder)
    #expect(memory.exitCode == 1)
    #expect(memory.errors.contains("spiral.yaml:13:5: error: model needs "))
    #expect(folder.contents == ["w"])
  }
}
