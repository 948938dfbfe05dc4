internal import Tensors

/// Reads the values of an array file again in double precision.
package struct ArrayValues: ExactValues {
  /// Opens the file again.
  private let open: @Sendable () throws(DataFailure) -> ArrayFile
  private let header: ArrayHeader
  private let path: String

  package init(_ file: ArrayFile, _ open: @escaping @Sendable () throws(DataFailure) -> ArrayFile) {
    header = file.header
    path = file.path
    self.open = open
  }

  package func read(_ body: ValueRunReader) throws(DataFailure) {
    let file = try open()
    guard file.header.shape == header.shape, file.header.elementType == header.elementType,
      file.header.isFortranOrder == header.isFortranOrder
    else { throw .io("\(path): changed while it was read") }
    try file.read(body)
  }

  package func subject(ofColumn column: Int) -> String {
    "\(path): values [\((["i"] + header.indices(ofColumn: column)).joined(separator: ", "))]"
  }

  package func places(ofExamples examples: [Int]) -> String {
    "for i = " + examples.map(String.init).joined(separator: " and ")
  }
}

extension ArrayHeader {
  /// Returns the indices after the first axis of a place in an example.
  func indices(ofColumn column: Int) -> [String] {
    var rest = column
    var indices: [String] = []
    for axis in shape.axes.dropFirst().reversed() {
      let (quotient, index) = rest.quotientAndRemainder(dividingBy: axis)
      indices.insert(String(index), at: 0)
      rest = quotient
    }
    return indices
  }
}
