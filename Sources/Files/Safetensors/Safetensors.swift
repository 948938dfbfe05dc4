package import Tensors
internal import YAML

/// Named single-precision tensors in the safetensors format.
///
/// A file contains an 8-byte little-endian header length, a JSON header, and the values. The values
/// are row-major and little-endian, without gaps. A file that violates the format is refused.
///
/// Files written here contain a checksum of the whole file in the metadata (CRC-32, with its own
/// digits counted as 0). The reader verifies it. Files of other programs do not need a checksum.
///
/// The reader also accepts floats of 16 and 64 bits, and rounds them to single precision. It
/// accepts integers of 32 and 64 bits, such as labels, if single precision represents them exactly.
/// A tensor that is not requested may have any type of the format. Tensors with ``Tensor/doubles``
/// are written as F64.
///
/// Reference: Hugging Face, "safetensors", format description, 2022.
package struct Safetensors: Sendable {
  package struct Tensor: Sendable {
    package let name: String
    package let shape: Shape
    package let values: [Float]
    /// The values in double precision, if the file stores doubles.
    package let doubles: [Double]?
    /// The name of the element type in the file.
    package let storedType: String

    package init(name: String, shape: Shape, values: [Float]) {
      self.init(name: name, shape: shape, values: values, doubles: nil, storedType: "F32")
    }

    package init(name: String, shape: Shape, doubles: [Double]) {
      self.init(
        name: name, shape: shape, values: doubles.map { Float($0) }, doubles: doubles,
        storedType: "F64")
    }

    init(name: String, shape: Shape, values: [Float], doubles: [Double]?, storedType: String) {
      precondition(shape.count == values.count, "values do not fill the shape")
      precondition(doubles?.count ?? values.count == values.count, "doubles do not fill the shape")
      self.name = name
      self.shape = shape
      self.values = values
      self.doubles = doubles
      self.storedType = storedType
    }

    /// The values with the precision of the file.
    package var exactValues: [Double] { doubles ?? values.map { Double($0) } }

    /// Whether single precision represents every value exactly.
    package var isExact: Bool {
      guard let doubles else { return true }
      return zip(doubles, values).allSatisfy { $0 == Double($1) || $0.isNaN && $1.isNaN }
    }
  }

  /// The tensors in the order of the file.
  package let tensors: [Tensor]
  /// The tensors that were not requested.
  package private(set) var unread: [(name: String, shape: Shape)] = []
  /// Texts by name, without the checksum.
  package let metadata: [String: String]
  /// Whether the content was verified with a checksum in the file.
  package private(set) var isVerified = false

  /// - Parameter metadata: the texts by name, without a checksum.
  package init(_ tensors: [Tensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  package subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The size limit of a header in the format, in bytes.
  static let headerLimit = 100_000_000

  /// The largest accepted header size in bytes, for a file of a model with `parameters` parameters.
  /// Parsing a header takes five times its size in memory.
  ///
  /// - Parameter text: the size in bytes of the model file inside a checkpoint.
  package static func headerLimit(parameters: Int, text: Int = 0) -> Int {
    min(headerLimit, 4 << 20 + 8192 * parameters + 8 * text)
  }

  /// The name of the checksum in the metadata.
  static let checksumName = "checksum"

  /// The offset of the header's end, computed from the first eight bytes of a file.
  static func headerEnd(
    _ bytes: [UInt8], size: Int, limit: Int = headerLimit, name: String
  ) throws(RunFailure) -> Int {
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length >= 2, length <= UInt64(headerLimit), length <= UInt64(size - 8) else {
      throw .refusedInput("\(name): header length \(length) does not fit a file of \(size) bytes")
    }
    guard length <= UInt64(limit) else {
      throw .refusedInput(
        "\(name): expected a header of at most \(limit) bytes, received \(length)")
    }
    return 8 + Int(length)
  }

  /// Reads a file's content.
  ///
  /// - Parameters:
  ///   - name: the name of the file in messages.
  ///   - isWanted: whether to read the values of the tensor with this name and shape. Other tensors
  ///     are only checked against the format.
  /// - Throws: ``RunFailure/refusedInput(_:)`` if the content violates the format or cannot be
  ///   represented.
  package init(
    _ bytes: [UInt8], name: String, reading isWanted: (String, Shape) -> Bool = { _, _ in true }
  ) throws(RunFailure) {
    func refused(_ reason: String) -> RunFailure { .refusedInput("\(name): \(reason)") }
    guard bytes.count >= 8 else {
      throw refused("\(bytes.count) bytes are too few for a safetensors file")
    }
    let start = try Safetensors.headerEnd(bytes, size: bytes.count, name: name)
    guard bytes[8] == UInt8(ascii: "{") else { throw refused("the header does not begin with '{'") }
    let header: Node
    do throws(JSONFailure) {
      header = try Node.parseJSON(Array(bytes[8..<start]))
    } catch {
      throw refused("the header is not JSON: \(error.reason), at byte \(8 + error.offset)")
    }
    let metadata = try Safetensors.metadata(header, file: name)
    // The name of the metadata entry is not compared, because one damaged byte of the name must not
    // hide the checksum.
    let checksum =
      metadata.first { $0.name == Safetensors.checksumName && FileChecksum.isAsLong($0.text) }
      ?? metadata.first { FileChecksum.isOne($0.text) }
    if let checksum, FileChecksum(of: bytes, headerEnd: start)?.text != checksum.text {
      throw refused("damaged: the content does not match the checksum")
    }
    isVerified = checksum != nil
    self.metadata = metadata.reduce(into: [:]) { texts, note in
      if note.name != checksum?.name { texts[note.name] = note.text }
    }
    var entries: [Entry] = []
    for pair in header.pairs ?? [] where pair.key.scalar?.text != "__metadata__" {
      entries.append(try Entry(pair, file: name))
    }
    // A header may list the tensors in any order.
    entries.sort { ($0.first, $0.end) < ($1.first, $1.end) }
    var end = 0
    for entry in entries {
      guard entry.first == end, entry.end - end == entry.size, entry.end <= bytes.count - start
      else {
        throw refused(
          "tensor '\(entry.name.quotable)': expected \(entry.size) bytes from offset \(end) on, "
            + "within the file")
      }
      end = entry.end
    }
    guard start + end == bytes.count else {
      throw refused("\(bytes.count - start - end) bytes after the last tensor")
    }
    var tensors: [Tensor] = []
    for entry in entries {
      guard isWanted(entry.name, entry.shape) else {
        unread.append((entry.name, entry.shape))
        continue
      }
      tensors.append(try Safetensors.tensor(entry, bytes, from: start, file: name))
    }
    self.tensors = tensors
  }
}

extension Safetensors {
  /// Reads the values of a tensor.
  ///
  /// - Parameter start: the offset of the values in the file.
  private static func tensor(
    _ entry: Entry, _ bytes: [UInt8], from start: Int, file: String
  ) throws(RunFailure) -> Tensor {
    func refused(_ reason: String) -> RunFailure {
      .refusedInput("\(file): tensor '\(entry.name.quotable)'\(reason)")
    }
    guard let type = SafetensorsElement(rawValue: entry.type.rawValue) else {
      throw refused(
        ": expected type F32, F16, BF16, F64, I32 or I64, received \(entry.type.rawValue)")
    }
    var values: [Float] = []
    values.reserveCapacity(entry.shape.count)
    var doubles: [Double] = []
    for place in stride(from: start + entry.first, to: start + entry.end, by: type.width) {
      if type == .single {
        // Copied as bits, since a conversion to double and back changes some NaN values.
        let bits = UInt32(truncatingIfNeeded: type.bits(bytes, at: place))
        values.append(Float(bitPattern: bits))
        continue
      }
      guard let value = type.value(bytes, at: place) else {
        throw refused(" has an integer that float32 cannot represent exactly")
      }
      let rounded = Float(value)
      guard rounded.isFinite || !value.isFinite else {
        throw refused(" has the value \(value), which is beyond the range of float32")
      }
      values.append(rounded)
      if type == .double { doubles.append(value) }
    }
    return Tensor(
      name: entry.name, shape: entry.shape, values: values,
      doubles: type == .double ? doubles : nil, storedType: type.rawValue)
  }

  /// The metadata of a header: texts by name, in the order of the file.
  private static func metadata(
    _ header: Node, file: String
  ) throws(RunFailure) -> [(name: String, text: String)] {
    guard let node = header["__metadata__"] else { return [] }
    guard let pairs = node.pairs else {
      throw .refusedInput("\(file): the metadata do not map names to texts")
    }
    var texts: [(name: String, text: String)] = []
    for pair in pairs {
      guard let name = pair.key.scalar?.text, let text = pair.value.quoted else {
        throw .refusedInput("\(file): the metadata do not map names to texts")
      }
      texts.append((name, text))
    }
    return texts
  }
}

extension Node {
  /// The text of a JSON string.
  fileprivate var quoted: String? {
    scalar.flatMap { $0.style == .quoted ? $0.text : nil }
  }

  /// The nonnegative integers of a list. Nil for other nodes.
  fileprivate var counts: [Int]? {
    guard let items else { return nil }
    var values: [Int] = []
    for item in items {
      guard let scalar = item.scalar, case .integer(let value) = scalar.resolved,
        !scalar.text.hasPrefix("-")
      else { return nil }
      values.append(value)
    }
    return values
  }
}

/// The element types of the format.
private enum StoredType: String {
  case boolean = "BOOL"
  case float4 = "F4"
  case float6E2M3 = "F6_E2M3"
  case float6E3M2 = "F6_E3M2"
  case unsigned8 = "U8"
  case signed8 = "I8"
  case float8E5M2 = "F8_E5M2"
  case float8E4M3 = "F8_E4M3"
  case float8E8M0 = "F8_E8M0"
  case signed16 = "I16"
  case unsigned16 = "U16"
  case half = "F16"
  case brain = "BF16"
  case signed32 = "I32"
  case unsigned32 = "U32"
  case single = "F32"
  case complex = "C64"
  case double = "F64"
  case signed64 = "I64"
  case unsigned64 = "U64"

  /// The number of bits of an element.
  var bits: Int {
    switch self {
    case .float4: 4
    case .float6E2M3, .float6E3M2: 6
    case .boolean, .unsigned8, .signed8, .float8E5M2, .float8E4M3, .float8E8M0: 8
    case .signed16, .unsigned16, .half, .brain: 16
    case .signed32, .unsigned32, .single: 32
    case .complex, .double, .signed64, .unsigned64: 64
    }
  }

  /// The number of bytes of `count` elements. Nil if it is not an integer.
  ///
  /// It cannot overflow, since `count` is at most `Int.max / 8`.
  func bytes(of count: Int) -> Int? {
    let (whole, rest) = count.quotientAndRemainder(dividingBy: 8)
    return rest * bits % 8 == 0 ? whole * bits + rest * bits / 8 : nil
  }
}

/// The entry of one tensor in a header.
private struct Entry {
  let name: String
  let type: StoredType
  let shape: Shape
  /// The start and end of the values, counted from the end of the header.
  let first: Int
  let end: Int
  /// The size of the values in bytes.
  let size: Int

  package init(_ pair: Node.Pair, file: String) throws(RunFailure) {
    name = pair.key.scalar?.text ?? ""
    let subject = "\(file): tensor '\(name.quotable)'"
    let stated = pair.value["dtype"]
    guard let type = stated?.quoted.flatMap({ StoredType(rawValue: $0) }) else {
      throw .refusedInput(
        "\(subject): expected a type of the format, such as F32, received "
          + (stated?.received ?? "none"))
    }
    guard let axes = pair.value["shape"]?.counts, let shape = Shape(checking: axes),
      shape.count <= Int.max / 8
    else { throw .refusedInput("\(subject): expected a shape of sizes from 0") }
    guard let offsets = pair.value["data_offsets"]?.counts, offsets.count == 2 else {
      throw .refusedInput("\(subject): expected two offsets from 0")
    }
    guard let size = type.bytes(of: shape.count) else {
      throw .refusedInput(
        "\(subject): \(shape.count) elements of \(type.bits) bits do not fill whole bytes")
    }
    self.type = type
    self.shape = shape
    self.size = size
    (first, end) = (offsets[0], offsets[1])
  }
}
