/// Examples of a reader, in an order of their own.
package struct ExampleSelection: Sendable {
  package let reader: any ExampleReader
  /// The number of values of an example. Images may have other sizes: then it is that of the first.
  package let width: Int
  /// The numbers of the examples in the reader. Nil for all of them, from `first`.
  private let numbers: [Int32]?
  private let first: Int
  package let count: Int

  package init(_ reader: any ExampleReader, width: Int) {
    self.init(reader, width: width, numbers: nil, first: 0, count: reader.count)
  }

  private init(
    _ reader: any ExampleReader, width: Int, numbers: [Int32]?, first: Int, count: Int
  ) {
    self.reader = reader
    self.width = width
    self.numbers = numbers
    self.first = first
    self.count = count
  }

  /// The number of an example in the reader.
  package subscript(index: Int) -> Int {
    guard let numbers else { return first + index }
    return Int(numbers[first + index])
  }

  /// Returns the numbers of the examples whose elements are `range`.
  func examples(_ range: Range<Int>) -> Range<Int> {
    let width = max(1, width)
    return range.lowerBound / width..<range.upperBound / width
  }

  /// Returns the examples in `range`.
  package func part(_ range: Range<Int>) -> ExampleSelection {
    ExampleSelection(
      reader, width: width, numbers: numbers, first: first + range.lowerBound, count: range.count)
  }

  /// Returns the examples at `rows`, in that order.
  package func selecting(_ rows: some Collection<Int>) -> ExampleSelection {
    ExampleSelection(
      reader, width: width, numbers: rows.map { Int32(truncatingIfNeeded: self[$0]) }, first: 0,
      count: rows.count)
  }

  /// Calls `body` with the values of each example in `range`.
  ///
  /// - Parameter body: receives the values and the number of the example. Returns false to stop.
  func forEach(
    of range: Range<Int>, _ body: (_ values: Span<Float>, _ example: Int) -> Bool
  ) throws(DataFailure) {
    let cursor = reader.makeCursor()
    var values = ExampleValues()
    for example in range {
      try cursor.read(self[example], nil, into: &values)
      guard values.withValues({ body($0, example) }) else { return }
    }
  }
}
