internal import Tensors

/// What the header of an array says: element type, order and shape.
struct ArrayHeader {
  let elementType: ElementType
  let isBigEndian: Bool
  /// True where the first axis runs fastest, and not the last.
  var isFortranOrder = false
  /// All axes, each at least 1; the first counts the examples.
  let shape: Shape
  /// The bytes of the header.
  let length: Int

  /// Examples.
  var count: Int { shape[0] }

  /// The shape of the classes of one example: a scalar for [N] and [N, 1].
  var labelShape: Shape {
    let shape = shape.example
    return shape.count == 1 ? .scalar : shape
  }

  /// "10000x28x28 of uint8"
  var summary: String { "\(shape.description) of \(elementType.rawValue)" }

  /// The header and all elements; nil if 64 bits do not count them.
  var byteCount: Int? {
    let (bytes, overflows) = shape.count.multipliedReportingOverflow(by: elementType.size)
    let (all, overflowsToo) = bytes.addingReportingOverflow(length)
    return overflows || overflowsToo ? nil : all
  }

  /// The axes of the element at `position` in the file: `[3, 5]`.
  func place(ofPosition position: Int) -> String {
    var rest = position
    var indices = shape.axes
    // The axis that runs fastest comes first.
    let order = isFortranOrder ? Array(indices.indices) : indices.indices.reversed()
    for axis in order {
      (rest, indices[axis]) = rest.quotientAndRemainder(dividingBy: shape[axis])
    }
    return "[\(indices.map(String.init).joined(separator: ", "))]"
  }
}

/// Why bytes are no header, and at which of them.
struct HeaderMistake: Error, Equatable {
  let byte: Int
  let message: String

  init(at byte: Int, _ message: String) {
    self.byte = byte
    self.message = message
  }
}
