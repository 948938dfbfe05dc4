package import Tensors
internal import YAML

/// Writes a file in the format of ``Safetensors``.
///
/// The writer reads the values piece by piece, once for the checksum and once for the file. The
/// whole content is never in memory at once.
package struct SafetensorsWriter {
  package struct Tensor {
    package let name: String
    package let shape: Shape
    /// Whether the elements are written as F64 instead of F32.
    let isDouble: Bool
    /// Returns the bytes of the row-major elements in a range. Every call with the same range must
    /// return the same bytes.
    ///
    /// The bytes are in memory order, which is little-endian on every processor that dlrun
    /// supports.
    package let bytes: (Range<Int>) -> [UInt8]

    package init(name: String, shape: Shape, values: @escaping (Range<Int>) -> [Float]) {
      self.name = name
      self.shape = shape
      isDouble = false
      bytes = { range in unsafe values(range).withUnsafeBytes { unsafe Array($0) } }
    }

    package init(name: String, shape: Shape, doubles: [Double]) {
      precondition(shape.count == doubles.count, "doubles do not fill the shape")
      self.name = name
      self.shape = shape
      isDouble = true
      bytes = { range in unsafe Array(doubles[range]).withUnsafeBytes { unsafe Array($0) } }
    }

    /// The ranges in which the elements are read.
    package var pieces: [Range<Int>] {
      stride(from: 0, to: shape.count, by: pieceCount).map {
        $0..<min($0 + pieceCount, shape.count)
      }
    }
  }

  /// The largest number of elements in a piece.
  private static let pieceCount = 1 << 16

  private let tensors: [Tensor]
  /// The header length and the header, which contains the checksum of the whole file.
  private let start: [UInt8]

  /// - Parameter metadata: the texts by name, without a checksum.
  package init(_ tensors: [Tensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    var start = SafetensorsWriter.start(tensors, metadata)
    var sum = CRC32()
    sum.add(start[...])
    for tensor in tensors {
      for range in tensor.pieces { sum.add(tensor.bytes(range)[...]) }
    }
    FileChecksum.write(sum.text, into: &start)
    self.start = start
  }

  /// Passes the bytes of the file to `body`, in order.
  package func write(
    _ body: ([UInt8]) throws(RunFailure) -> Void
  ) throws(RunFailure) {
    try body(start)
    for tensor in tensors {
      for range in tensor.pieces {
        try body(tensor.bytes(range))
      }
    }
  }

  /// The header length and the header with a placeholder for the checksum.
  private static func start(_ tensors: [Tensor], _ metadata: [String: String]) -> [UInt8] {
    var end = 0
    let notes = metadata.sorted { $0.key < $1.key }.map { ($0.key, Node.text($0.value)) }
    let checksum = (Safetensors.checksumName, Node.text(FileChecksum.blank))
    let entries = tensors.map { tensor in
      let start = end
      end += tensor.shape.count * (tensor.isDouble ? 8 : 4)
      return (
        tensor.name,
        Node.mapping([
          ("dtype", .text(tensor.isDouble ? "F64" : "F32")),
          ("shape", .sequence(tensor.shape.axes.map(Node.integer))),
          ("data_offsets", .sequence([.integer(start), .integer(end)])),
        ])
      )
    }
    let metadata = ("__metadata__", Node.mapping([checksum] + notes))
    var header = Array(Node.mapping([metadata] + entries).json.utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> ($0 * 8)) } + header
  }
}

extension Safetensors {
  /// A writer for the tensors, which shares their storage.
  package var writer: SafetensorsWriter {
    let tensors: [SafetensorsWriter.Tensor] = tensors.map { tensor in
      return if let doubles = tensor.doubles {
        SafetensorsWriter.Tensor(name: tensor.name, shape: tensor.shape, doubles: doubles)
      } else {
        SafetensorsWriter.Tensor(name: tensor.name, shape: tensor.shape) { range in
          Array(tensor.values[range])
        }
      }
    }
    return SafetensorsWriter(tensors, metadata: metadata)
  }

  /// The content of a file.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    // This body does not throw.
    try? writer.write { (piece) throws(RunFailure) in bytes += piece }
    return bytes
  }
}
