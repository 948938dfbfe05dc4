internal import Tensors
internal import YAML

/// The examples of a plain array file, read when a batch needs them.
package struct ArrayRows: ExampleReader {
  private let path: String
  private let header: ArrayHeader

  /// - Parameters:
  ///   - file: the open file.
  ///   - path: its path, to open it again.
  /// - Returns: nil for a gzip file, for an archive, and for an array in Fortran order, whose examples do not lie one
  ///   after another.
  package init?(_ file: ArrayFile, path: String) {
    guard file.isPlain, !file.header.isFortranOrder else { return nil }
    self.path = path
    header = file.header
  }

  package var count: Int { header.count }
  package var hasOneShape: Bool { true }
  package var isExact: Bool {
    header.elementType.size == 1 || header.elementType.fitsSinglePrecision
  }

  package func name(of index: Int) -> String { "\(path.quotable): example \(index)" }

  package func makeCursor() -> any ExampleCursor { Cursor(self) }

  /// The number of bytes of an example.
  private var rowBytes: Int { header.shape.count / header.count * header.elementType.size }

  /// Reads examples from a file of its own, which it opens at the first one.
  private final class Cursor: ExampleCursor {
    private let rows: ArrayRows
    private var file: DataFile?

    init(_ rows: ArrayRows) { self.rows = rows }

    func read(
      _ index: Int, _ fit: ImageFit?, into values: inout ExampleValues
    ) throws(DataFailure) {
      let bytes = try bytes(of: index)
      let header = rows.header
      let axes = header.shape.axes
      let width = header.shape.count / header.count
      switch axes.count {
      case 4: values.reshape(channels: axes[1], height: axes[2], width: axes[3])
      case 3: values.reshape(channels: 1, height: axes[1], width: axes[2])
      default: values.reshape(channels: 1, height: 1, width: width)
      }
      let refusal = values.withMutableValues {
        header.elementType.read(bytes, isBigEndian: header.isBigEndian, to: &$0)
      }
      if let refusal { throw failure(refusal, index) }
    }

    func readNumbers(_ index: Int, into numbers: inout [Double]) throws(DataFailure) {
      let bytes = try bytes(of: index)
      let header = rows.header
      let width = header.shape.count / header.count
      if numbers.count < width { numbers = [Double](repeating: 0, count: width) }
      var span = numbers.mutableSpan
      var part = span._mutatingExtracting(0..<width)
      let refusal = header.elementType.read(bytes, isBigEndian: header.isBigEndian, to: &part)
      if let refusal { throw failure(refusal, index) }
    }

    private func failure(_ refusal: ElementType.Refusal, _ index: Int) -> DataFailure {
      let header = rows.header
      let width = header.shape.count / header.count
      let place = header.place(ofPosition: index * width + refusal.index)
      return .content(
        "\(rows.path.quotable): element \(place): expected \(header.elementType.expectation), received "
          + refusal.received)
    }

    /// Hashes all bytes of the example.
    func checksum(of index: Int) throws(DataFailure) -> UInt64 {
      var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
      for byte in try bytes(of: index) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      return hash ^ (hash >> 29)
    }

    private func bytes(of index: Int) throws(DataFailure) -> [UInt8] {
      if file == nil { file = try DataFile(path: rows.path) }
      let count = rows.rowBytes
      let offset = rows.header.length + index * count
      let bytes = try file?.read(atMost: count, from: offset) ?? []
      guard bytes.count == count else {
        throw .io("\(rows.path.quotable): changed while it was read")
      }
      return bytes
    }
  }
}
