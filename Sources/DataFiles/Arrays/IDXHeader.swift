internal import Tensors

/// The header of an IDX file.
///
/// It has two zero bytes, the element type, the number of axes, and each axis as 4 bytes. All
/// numbers are big endian.
///
/// Reference: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits",
/// 1998.
enum IDXHeader {
  /// The element types by their code in the third byte.
  private static let types: [UInt8: ElementType] = [
    0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
  ]

  /// Reads a header from the start of `stream`.
  ///
  /// - Parameter ranks: the allowed numbers of axes.
  static func read(
    _ stream: ByteStream, ranks: ClosedRange<Int>
  ) throws(DataFailure) -> ArrayHeader {
    let start = try stream.read(atMost: 4)
    guard start.count == 4 else {
      throw stream.headerFailure(
        HeaderMistake(
          at: start.count, "expected a header of at least 4 bytes, received the end of the file"))
    }
    let rank = Int(start[3])
    // With a wrong rank, reading the axes would report a short file instead of the wrong rank.
    let axes = ranks.contains(rank) ? try stream.read(atMost: 4 * rank) : []
    do throws(HeaderMistake) {
      return try parse(start + axes, ranks: ranks)
    } catch {
      throw stream.headerFailure(error)
    }
  }

  /// Parses a header.
  ///
  /// - Parameter bytes: 4 bytes and the axes. The axes may be incomplete.
  private static func parse(
    _ bytes: [UInt8], ranks: ClosedRange<Int>
  ) throws(HeaderMistake) -> ArrayHeader {
    for byte in 0..<2 where bytes[byte] != 0 {
      throw HeaderMistake(
        at: byte, "expected an IDX file, which begins with two zero bytes, received \(bytes[byte])")
    }
    guard let type = types[bytes[2]] else {
      let known = types.keys.sorted().map(String.init).joined(separator: ", ")
      throw HeaderMistake(
        at: 2, "expected the code of an element type (\(known)), received \(bytes[2])")
    }
    let rank = Int(bytes[3])
    guard ranks.contains(rank) else {
      let expected =
        ranks.count == 1
        ? "\(ranks.lowerBound) axis" : "\(ranks.lowerBound) to \(ranks.upperBound) axes"
      throw HeaderMistake(at: 3, "expected \(expected), received \(rank)")
    }
    guard bytes.count == 4 + 4 * rank else {
      throw HeaderMistake(
        at: bytes.count, "expected \(rank) axes of 4 bytes, received the end of the file")
    }
    var axes: [Int] = []
    for axis in 0..<rank {
      let place = 4 + 4 * axis
      let size = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard size > 0 else {
        throw HeaderMistake(at: place, "expected an axis of at least 1, received 0")
      }
      axes.append(size)
    }
    guard let shape = Shape(checking: axes) else {
      throw HeaderMistake(at: 4, ArrayHeader.overflow(axes))
    }
    return ArrayHeader(
      elementType: type, isBigEndian: true, shape: shape, length: bytes.count)
  }
}

extension ArrayHeader {
  /// Returns the message for axes whose product overflows.
  static func overflow(_ axes: [Int]) -> String {
    "expected at most \(DataLimits.fileValueCount) values, received "
      + axes.map(String.init).joined(separator: "x")
  }
}

extension ByteStream {
  func headerFailure(_ mistake: HeaderMistake) -> DataFailure {
    .content("\(path): byte \(mistake.byte): \(mistake.message)")
  }
}
