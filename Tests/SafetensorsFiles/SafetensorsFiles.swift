import Files
import Glibc
import Tensors

/// Reads and writes safetensors files like dlrun, for `Tests/Faults/safetensors_round_trip.py`.
///
/// Standard input has one command per line. One blank separates words. A text is hexadecimal UTF-8.
/// A value is the hexadecimal bits of a float32 number. A shape is its sizes, separated by `x`. `-`
/// is an empty text, an empty shape, or no values.
///
///     read PATH NAME…               prints `meta NAME TEXT` and `tensor NAME SHAPE VALUES`, then `end`
///     meta NAME TEXT                adds metadata to the next written file
///     tensor NAME SHAPE VALUES      adds a tensor to the next written file
///     write PATH                    writes the file, and prints `end`
@main struct SafetensorsFiles {
  /// A line that is not a command.
  struct Misuse: Error {
    let line: String
  }

  static func main() throws {
    var metadata: [String: String] = [:]
    var tensors: [Safetensors.Tensor] = []
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      switch (words.first, words.count) {
      case ("read", 2...):
        let names = try words.dropFirst(2).map { try text($0, line) }
        try read(try text(words[1], line), Set(names))
      case ("meta", 3):
        metadata[try text(words[1], line)] = try text(words[2], line)
      case ("tensor", 4):
        tensors.append(try tensor(words, line))
      case ("write", 2):
        let file = Safetensors(tensors, metadata: metadata)
        try OutputFile.write(file.bytes, to: try text(words[1], line))
        (metadata, tensors) = ([:], [])
      default: throw Misuse(line: line)
      }
      guard words[0] == "read" || words[0] == "write" else { continue }
      print("end")
      // The reader waits for the whole answer.
      fflush(nil)
    }
  }

  private static func read(_ path: String, _ names: Set<String>) throws {
    let bytes = try RegularFile(path: path).readAll(upTo: 1 << 30)
    let file = try Safetensors(bytes, name: path, reading: { name, _ in names.contains(name) })
    for (name, text) in file.metadata { print("meta", hexadecimal(name), hexadecimal(text)) }
    for tensor in file.tensors {
      let shape = tensor.shape.axes.map(String.init).joined(separator: "x")
      let values = tensor.values.map { digits($0.bitPattern, 8) }.joined()
      print(
        "tensor", hexadecimal(tensor.name), shape.isEmpty ? "-" : shape,
        values.isEmpty ? "-" : values)
    }
  }

  private static func tensor(_ words: [String], _ line: String) throws -> Safetensors.Tensor {
    let axes = words[2] == "-" ? [] : words[2].split(separator: "x").map { Int($0) ?? -1 }
    let digits = words[3] == "-" ? [] : Array(words[3].utf8)
    guard let shape = Shape(checking: axes), shape.count == digits.count / 8 else {
      throw Misuse(line: line)
    }
    var values: [Float] = []
    for start in stride(from: 0, to: digits.count, by: 8) {
      let bits = UInt32(String(decoding: digits[start..<start + 8], as: UTF8.self), radix: 16)
      guard let bits else { throw Misuse(line: line) }
      values.append(Float(bitPattern: bits))
    }
    return Safetensors.Tensor(name: try text(words[1], line), shape: shape, values: values)
  }

  private static func text(_ word: String, _ line: String) throws -> String {
    let digits = word == "-" ? [] : Array(word.utf8)
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: digits.count - 1, by: 2) {
      let byte = UInt8(String(decoding: digits[start...start + 1], as: UTF8.self), radix: 16)
      guard let byte else { throw Misuse(line: line) }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ text: String) -> String {
    text.isEmpty ? "-" : text.utf8.map { digits($0, 2) }.joined()
  }

  private static func digits(_ value: some FixedWidthInteger, _ count: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: count - digits.count) + digits
  }
}
