internal import DataFiles
internal import Tensors

extension Dataset {
  /// Calls `body` with every input in double precision, as stored in the source.
  func readInputs(_ body: ValueRunReader) throws(DataFailure) {
    if let exactInputs { return try exactInputs.read(body) }
    let width = inputShape.count
    let buffer = unsafe inputs.buffer
    let values = unsafe buffer.span
    var row = [Double](repeating: 0, count: width)
    for example in 0..<count {
      for column in 0..<width { row[column] = Double(values[example * width + column]) }
      guard body(row.span, example, 0, false) else { return }
    }
  }
}

extension Span<Double> {
  /// Calls `body` with each value of a run, its example and its column.
  @inline(__always)
  func forEachPlace(
    _ example: Int, _ column: Int, _ followsExamples: Bool,
    _ body: (_ value: Double, _ example: Int, _ column: Int) -> Void
  ) {
    for index in 0..<count {
      body(
        self[index], followsExamples ? example + index : example,
        followsExamples ? column : column + index)
    }
  }
}
