internal import Tensors

extension ArrayFile {
  /// Whether the elements of an example follow each other in the file.
  package var hasWholeExamples: Bool { !header.isFortranOrder || header.shape.rank == 1 }

  /// Reads the next examples in double precision, at most `count`. Empty at the end.
  ///
  /// - Throws: a failure when the file is damaged.
  package func nextExamples(_ count: Int) throws(DataFailure) -> [Double] {
    precondition(hasWholeExamples, "examples are read one after the other in row-major order")
    let type = header.elementType
    let width = header.shape.count / header.count
    let rest = header.shape.count - position
    guard rest > 0 else { return [] }
    let wanted = min(rest, count.multipliedReportingOverflow(by: width).partialValue)
    let bytes = try stream.read(atMost: wanted * type.size)
    guard bytes.count == wanted * type.size else {
      throw cutOff(after: position * type.size + bytes.count)
    }
    var values = [Double](repeating: 0, count: wanted)
    var span = values.mutableSpan
    if let refusal = type.read(bytes, isBigEndian: header.isBigEndian, to: &span) {
      throw self.refusal(refusal, at: position, expectation) { .content($0) }
    }
    position += wanted
    if position == header.shape.count { try checkEnd() }
    return values
  }
}
