package import DataFiles
internal import Tensors

/// One named tensor of all examples of a data set.
package struct ExampleTensor: Sendable {
  package let top: DataTop
  /// The elements: the examples in order, each in row-major order.
  package let storage: ExampleStorage
  /// Reads the source in double precision. Nil when the stored elements are exact.
  let exact: (any ExactValues)?
  /// The statistics that standardized a target. Nil when its values have their original unit.
  package let unit: Standardization?

  package init(
    _ top: DataTop, _ storage: ExampleStorage, exact: (any ExactValues)? = nil,
    unit: Standardization? = nil
  ) {
    self.top = top
    self.storage = storage
    self.exact = exact
    self.unit = unit
  }

  package var name: String { top.name }

  /// The number of values or classes of one example.
  package var width: Int { top.width }

  /// The names of the classes by index. Nil for values.
  package var classes: [String]? { top.classes?.names }

  /// Whether the examples are read when they are needed.
  package var isOnDemand: Bool { if case .onDemand = storage { true } else { false } }

  /// Returns the values of an example.
  package func values(ofExample index: Int) throws(DataFailure) -> [Float] {
    try storage.values(index * width..<(index + 1) * width)
  }

  /// Returns the tensor without the reader in double precision.
  func settled() -> ExampleTensor { ExampleTensor(top, storage, unit: unit) }

  func reshaped(to shape: Shape) -> ExampleTensor {
    ExampleTensor(top.reshaped(to: shape), storage, exact: exact, unit: unit)
  }

  /// Returns the examples in `rows`, which share the memory of these.
  func slice(_ rows: Range<Int>) -> ExampleTensor {
    ExampleTensor(
      top, storage.part(rows.lowerBound * width..<rows.upperBound * width), unit: unit)
  }

  /// Returns a copy of the examples at `rows`, in that order. Nil when there is not enough memory.
  func selecting(_ rows: some Collection<Int>) -> ExampleTensor? {
    switch storage {
    case .floats(let floats):
      copy(rows, of: floats).map { ExampleTensor(top, .floats($0), unit: unit) }
    case .bytes(let bytes, let values):
      copy(rows, of: bytes).map { ExampleTensor(top, .bytes($0, values), unit: unit) }
    case .onDemand(let examples):
      ExampleTensor(top, .onDemand(examples.selecting(rows)), unit: unit)
    }
  }

  private func copy<Element>(
    _ rows: some Collection<Int>, of source: Storage<Element>
  ) -> Storage<Element>? {
    guard let target = Storage<Element>(count: rows.count * width) else { return nil }
    let sourceBuffer = unsafe source.buffer
    let targetBuffer = unsafe target.buffer
    for (place, row) in rows.enumerated() {
      let values = sourceBuffer.extracting(row * width..<(row + 1) * width)
      _ = unsafe targetBuffer.extracting(place * width..<(place + 1) * width).update(
        fromContentsOf: values)
    }
    return target
  }

  /// Calls `body` with every value in double precision, as stored in the source.
  func readExact(_ body: ValueRunReader) throws(DataFailure) {
    if let exact { return try exact.read(body) }
    let width = max(1, self.width)
    var numbers = [Double](repeating: 0, count: min(width, 1 << 12))
    try storage.forEachPiece { values, start in
      var done = 0
      while done < values.count {
        let (example, column) = (start + done).quotientAndRemainder(dividingBy: width)
        let count = min(numbers.count, width - column, values.count - done)
        for index in 0..<count { numbers[index] = Double(values[done + index]) }
        guard body(numbers.span.extracting(0..<count), example, column, false) else { return false }
        done += count
      }
      return true
    }
  }
}
