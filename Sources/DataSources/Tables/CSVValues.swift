internal import Tensors
internal import YAML

/// Reads the cells of chosen columns as numbers, or as labels of classes.
struct CSVValues {
  /// For each column its place in an example's inputs, then targets; −1: not read.
  private var slots: [Int]
  private let inputCount: Int
  private let targetCount: Int
  /// Where targets are labels: their numbers, in the order of their first appearance.
  private(set) var labels: LabelIndex?

  /// - Parameters:
  ///   - inputs: the columns of the inputs, in order.
  ///   - targets: the columns of the targets; other ones than the inputs.
  ///   - labels: where the one target column has labels: an empty index.
  init(inputs: [Int], targets: [Int], columnCount: Int, labels: LabelIndex? = nil) {
    slots = [Int](repeating: -1, count: columnCount)
    for (slot, column) in (inputs + targets).enumerated() { slots[column] = slot }
    inputCount = inputs.count
    targetCount = targets.count
    self.labels = labels
  }

  /// Reads all rows. Labels become provisional numbers, which ``labels`` resolves.
  mutating func read(
    _ table: CSVTable, inputs: FloatStorage, targets: FloatStorage
  ) throws(DataFailure) {
    let (inputBuffer, targetBuffer) = unsafe (inputs.buffer, targets.buffer)
    var inputValues = unsafe inputBuffer.mutableSpan
    var targetValues = unsafe targetBuffer.mutableSpan
    let bytes = table.bytes.span
    for row in 0..<table.rowCount {
      var place = table.start(ofRow: row)
      for column in slots.indices {
        // The table has checked its form: no cell can fail.
        guard let cell = try? CSVScanner.next(bytes, &place) else { break }
        let slot = slots[column]
        if slot < 0 { continue }
        if slot >= inputCount, labels != nil {
          targetValues[row] = Float(try label(cell, table, row: row, column: column))
          continue
        }
        let value = try number(cell, bytes, table, row: row, column: column)
        if slot < inputCount {
          inputValues[row * inputCount + slot] = value
        } else {
          targetValues[row * targetCount + slot - inputCount] = value
        }
      }
    }
  }

  private func number(
    _ cell: CSVCell, _ bytes: Span<UInt8>, _ table: CSVTable, row: Int, column: Int
  ) throws(DataFailure) -> Float {
    guard let number = DecimalNumber.parse(bytes, cell.content) else {
      throw table.failure(row: row, column: column) { "expected a number, received \($0)" }
    }
    let value = Float(number)
    guard value.isFinite else {
      throw table.failure(row: row, column: column) {
        "expected a number of at most \(Float.greatestFiniteMagnitude) in size, received \($0)"
      }
    }
    return value
  }

  private mutating func label(
    _ cell: CSVCell, _ table: CSVTable, row: Int, column: Int
  ) throws(DataFailure) -> Int {
    guard (1...CSVHeader.nameLimit).contains(cell.content.count) else {
      throw table.failure(row: row, column: column) {
        "expected a class of at most \(CSVHeader.nameLimit) bytes, received \($0)"
      }
    }
    // Never nil here: the caller asked for a label because there is an index.
    guard let number = labels?.number(of: cell.text(table.bytes), row: row) else {
      throw table.failure(row: row, column: column) { _ in
        "expected at most \(ClassNames.range.upperBound) classes, received more"
      }
    }
    return number
  }
}
