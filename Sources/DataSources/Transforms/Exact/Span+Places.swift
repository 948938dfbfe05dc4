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
