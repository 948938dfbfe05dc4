package import Tensors

/// The element type, order and shape that an array's header states.
package struct ArrayHeader {
  package let elementType: ElementType
  let isBigEndian: Bool
  /// True when the first axis is contiguous instead of the last.
  var isFortranOrder = false
  /// All axes, each at least 1. The first counts the examples.
  package let shape: Shape
  /// The size of the header in bytes.
  let length: Int

  /// The number of examples.
  package var count: Int { shape[0] }

  /// The shape of one example's classes, which is a scalar for [N] and [N, 1].
  package var labelShape: Shape {
    let shape = shape.example
    return shape.count == 1 ? .scalar : shape
  }

  /// The header as messages print it: "10000x28x28 of uint8".
  package var summary: String { "\(shape.description) of \(elementType.rawValue)" }

  /// The size of header and elements in bytes. Nil on overflow.
  var byteCount: Int? {
    let (bytes, overflows) = shape.count.multipliedReportingOverflow(by: elementType.size)
    let (all, overflowsToo) = bytes.addingReportingOverflow(length)
    return overflows || overflowsToo ? nil : all
  }

  /// Returns the indices of the element at `position` in the file: `[3, 5]`.
  func place(ofPosition position: Int) -> String {
    var rest = position
    var indices = shape.axes
    // The contiguous axis comes first.
    let order = isFortranOrder ? Array(indices.indices) : indices.indices.reversed()
    for axis in order {
      (rest, indices[axis]) = rest.quotientAndRemainder(dividingBy: shape[axis])
    }
    return "[\(indices.map(String.init).joined(separator: ", "))]"
  }
}
