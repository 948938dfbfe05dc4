package import Tensors
internal import YAML

/// Named single-precision tensors in the safetensors format: an 8-byte little-endian header length,
/// a JSON header, the values row-major and little-endian, without gaps.
///
/// Reference: Hugging Face, "safetensors", format description, 2022.
package struct Safetensors: Sendable {
  package struct Tensor: Sendable {
    package let name: String
    package let shape: Shape
    package let values: [Float]

    package init(name: String, shape: Shape, values: [Float]) {
      precondition(shape.count == values.count, "values do not fill the shape")
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// In the order of the file.
  package let tensors: [Tensor]

  package init(_ tensors: [Tensor]) { self.tensors = tensors }

  package subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The format's own limit of a header.
  private static let headerLimit = 100_000_000

  package var bytes: [UInt8] {
    var end = 0
    let entries = tensors.map { tensor in
      let start = end
      end += tensor.values.count * 4
      return (
        tensor.name,
        Node.mapping([
          ("dtype", .text("F32")), ("shape", .sequence(tensor.shape.axes.map(\.encoded))),
          ("data_offsets", .sequence([start.encoded, end.encoded])),
        ])
      )
    }
    var header = Array(Node.mapping(entries).json.utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> ($0 * 8)) }
    bytes.reserveCapacity(8 + header.count + end)
    bytes += header
    for tensor in tensors {
      for value in tensor.values {
        let bits = value.bitPattern
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
      }
    }
    return bytes
  }

  /// Reads a file's content.
  ///
  /// - Throws: ``RunFailure/refusedInput(_:)`` naming what breaks the format.
  package init(_ bytes: [UInt8], name: String) throws(RunFailure) {
    func refused(_ reason: String) -> RunFailure { .refusedInput("\(name): \(reason)") }
    guard bytes.count >= 8 else { throw refused("\(bytes.count) bytes are no safetensors file") }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length >= 2, length <= UInt64(Safetensors.headerLimit), length <= UInt64(bytes.count - 8)
    else { throw refused("header length \(length) does not fit a file of \(bytes.count) bytes") }
    let start = 8 + Int(length)
    let header: Node
    do throws(Diagnostics) {
      guard bytes[8] == UInt8(ascii: "{") else { throw Diagnostics() }
      header = try Node.parse(Array(bytes[8..<start]), name: name)
    } catch {
      throw refused("the header is no JSON object")
    }
    var end = 0
    var tensors: [Tensor] = []
    for pair in header.pairs ?? [] where pair.key.scalar?.text != "__metadata__" {
      let key = pair.key.scalar?.text.quotable ?? ""
      guard pair.value["dtype"]?.scalar?.text == "F32" else {
        throw refused("tensor '\(key)': expected type F32")
      }
      guard let axes = Safetensors.integers(pair.value["shape"]), let shape = Shape(checking: axes)
      else { throw refused("tensor '\(key)': expected a shape of sizes from 0") }
      let (size, overflows) = shape.count.multipliedReportingOverflow(by: 4)
      guard let offsets = Safetensors.integers(pair.value["data_offsets"]), offsets.count == 2,
        !overflows, offsets[0] == end, offsets[1] - offsets[0] == size,
        offsets[1] <= bytes.count - start
      else {
        throw refused(
          "tensor '\(key)': expected \(size) bytes from offset \(end) on, within the file")
      }
      let first = start + offsets[0]
      let values = (0..<shape.count).map { index in
        let place = first + index * 4
        let bits = bytes[place..<place + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Float(bitPattern: bits)
      }
      end = offsets[1]
      tensors.append(Tensor(name: pair.key.scalar?.text ?? "", shape: shape, values: values))
    }
    guard start + end == bytes.count else {
      throw refused("\(bytes.count - start - end) bytes after the last tensor")
    }
    self.tensors = tensors
  }

  private static func integers(_ node: Node?) -> [Int]? {
    guard let items = node?.items else { return nil }
    var values: [Int] = []
    for item in items {
      guard case .integer(let value) = item.scalar?.resolved, value >= 0 else { return nil }
      values.append(value)
    }
    return values
  }
}
