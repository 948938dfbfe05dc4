internal import Tensors
internal import YAML

/// The header of a NumPy array file, versions 1.0, 2.0 and 3.0.
///
/// It has the bytes `\x93NUMPY`, the version, and the length of the text (2 bytes in version 1,
/// otherwise 4). The text is a Python dictionary with `descr`, `fortran_order` and `shape`, then
/// spaces and a line feed. The reader refuses text that NumPy would not write.
///
/// Reference: R. Kern, "A simple file format for NumPy arrays" (NEP 1), 2007.
enum NPYHeader {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The greatest length of the text in bytes. Headers of numeric arrays have about a hundred.
  private static let textLimit = 1 << 16

  /// The greatest number of axes: one axis of examples, and eight axes of an example.
  private static let rankLimit = 9

  /// Reads a header from the start of `stream`.
  static func read(_ stream: ByteStream) throws(DataFailure) -> ArrayHeader {
    func failure(_ byte: Int, _ message: String) -> DataFailure {
      stream.headerFailure(HeaderMistake(at: byte, message))
    }
    let start = try stream.read(atMost: 8)
    if let byte = (0..<6).first(where: { $0 >= start.count || start[$0] != magic[$0] }) {
      let received = byte < start.count ? "\(start[byte])" : "the end of the file"
      throw failure(
        byte, "expected a NumPy file, which begins with \\x93NUMPY, received \(received)")
    }
    guard start.count == 8, (1...3).contains(start[6]), start[7] == 0 else {
      let received = start.dropFirst(6).map(String.init).joined(separator: ".")
      throw failure(
        6, "expected format version 1.0, 2.0 or 3.0, received '\(received)'")
    }
    let size = try stream.read(atMost: start[6] == 1 ? 2 : 4)
    guard size.count == (start[6] == 1 ? 2 : 4) else {
      throw failure(8 + size.count, "expected the header's length, received the end of the file")
    }
    let length = size.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard (1...textLimit).contains(length) else {
      throw failure(8, "expected a header of 1 to \(textLimit) bytes, received \(length)")
    }
    let text = try stream.read(atMost: length)
    let begin = 8 + size.count
    guard text.count == length else {
      throw failure(
        begin + text.count, "expected a header of \(length) bytes, received the end of the file")
    }
    do throws(HeaderMistake) {
      return try header(text, length: begin + length)
    } catch {
      throw failure(begin + error.byte, error.message)
    }
  }

  private static func header(
    _ text: [UInt8], length: Int
  ) throws(HeaderMistake) -> ArrayHeader {
    var reader = PythonReader(text)
    let values = try reader.dictionary(keys: ["descr", "fortran_order", "shape"])
    guard case .text(let descriptor) = values[0].value else {
      throw HeaderMistake(
        at: values[0].byte,
        "descr: expected an element type, received \(values[0].value.kind)")
    }
    guard case .truth(let isFortranOrder) = values[1].value else {
      throw HeaderMistake(
        at: values[1].byte,
        "fortran_order: expected True or False, received \(values[1].value.kind)")
    }
    guard case .tuple(let axes) = values[2].value else {
      throw HeaderMistake(
        at: values[2].byte, "shape: expected a tuple, received \(values[2].value.kind)")
    }
    let (type, isBigEndian) = try elementType(descriptor, at: values[0].byte)
    guard (1...rankLimit).contains(axes.count) else {
      throw HeaderMistake(
        at: values[2].byte, "shape: expected 1 to \(rankLimit) axes, received \(axes.count)")
    }
    guard !axes.contains(0) else {
      throw HeaderMistake(at: values[2].byte, "shape: expected axes of at least 1, received 0")
    }
    guard let shape = Shape(checking: axes) else {
      throw HeaderMistake(at: values[2].byte, "shape: \(ArrayHeader.overflow(axes))")
    }
    return ArrayHeader(
      elementType: type, isBigEndian: isBigEndian, isFortranOrder: isFortranOrder, shape: shape,
      length: length)
  }

  /// The element types by kind and size, the end of a descriptor.
  private static let types: [String: ElementType] = [
    "b1": .bool, "i1": .int8, "u1": .uint8, "i2": .int16, "u2": .uint16, "i4": .int32,
    "u4": .uint32, "i8": .int64, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
  ]

  /// Parses a descriptor.
  ///
  /// - Parameter descriptor: byte order, kind and size: `<f4`.
  private static func elementType(
    _ descriptor: String, at byte: Int
  ) throws(HeaderMistake) -> (ElementType, isBigEndian: Bool) {
    if descriptor.dropFirst().hasPrefix("O") || descriptor.hasPrefix("O") {
      throw HeaderMistake(
        at: byte,
        "descr: expected numbers, received the object type '\(descriptor.quotable)', whose "
          + "elements are Python objects")
    }
    if let order = descriptor.first, let type = types[String(descriptor.dropFirst())],
      "<>".contains(order) || (order == "|" && type.size == 1)
    {
      return (type, order == ">")
    }
    let known = types.keys.sorted().joined(separator: ", ")
    throw HeaderMistake(
      at: byte,
      "descr: expected '<' or '>' and one of \(known), received '\(descriptor.quotable)'")
  }
}
