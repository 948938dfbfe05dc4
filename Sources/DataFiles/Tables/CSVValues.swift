package import Tensors

/// Reads the cells of selected columns as numbers or as class labels.
package struct CSVValues {
  /// For each column its index among the inputs and then the targets, or −1 when it is not read.
  private var slots: [Int]
  private let inputCount: Int
  private let targetCount: Int
  /// The fields that select the inputs and the targets. Nil when no field does.
  private let fields: (inputs: String?, targets: String?)
  /// Provisional numbers of the labels, in the order of first appearance. Nil for numeric targets.
  package private(set) var labels: LabelIndex?
  /// The cells that are neither numbers nor labels.
  package private(set) var badCells: BadCells
  /// Whether float32 represents every number exactly.
  package private(set) var (inputsAreExact, targetsAreExact) = (true, true)

  /// Selects the columns.
  ///
  /// - Parameters:
  ///   - inputs: the columns of the inputs, in order.
  ///   - targets: the columns of the targets, different from the inputs.
  ///   - labels: an empty index when the target column has labels.
  ///   - fields: the fields that select these columns.
  package init(
    _ table: CSVTable, inputs: [Int], targets: [Int], labels: LabelIndex? = nil,
    fields: (inputs: String?, targets: String?) = (nil, nil)
  ) {
    slots = [Int](repeating: -1, count: table.header.count)
    for (slot, column) in (inputs + targets).enumerated() { slots[column] = slot }
    inputCount = inputs.count
    targetCount = targets.count
    self.labels = labels
    self.fields = fields
    badCells = BadCells(path: table.path)
  }

  /// Reads all rows, and records invalid cells in ``badCells``.
  ///
  /// Labels become provisional numbers, which ``labels`` resolves.
  package mutating func read(_ table: CSVTable, inputs: FloatStorage, targets: FloatStorage) {
    let (inputBuffer, targetBuffer) = unsafe (inputs.buffer, targets.buffer)
    var inputValues = unsafe inputBuffer.mutableSpan
    var targetValues = unsafe targetBuffer.mutableSpan
    let bytes = table.bytes.span
    for row in 0..<table.rowCount {
      var place = table.start(ofRow: row)
      for column in slots.indices {
        // Reading cannot fail, because the table has checked its form.
        guard let cell = try? CSVScanner.next(bytes, &place) else { break }
        let slot = slots[column]
        if slot < 0 { continue }
        if slot >= inputCount, labels != nil {
          targetValues[row] = Float(label(cell, table, row: row, column: column))
          continue
        }
        let number = number(cell, bytes, table, row: row, column: column)
        let value = Float(number)
        if slot < inputCount {
          inputValues[row * inputCount + slot] = value
          if Double(value) != number { inputsAreExact = false }
        } else {
          targetValues[row * targetCount + slot - inputCount] = value
          if Double(value) != number { targetsAreExact = false }
        }
      }
    }
  }

  /// Returns the number in a cell, or 0 for an invalid cell.
  private mutating func number(
    _ cell: CSVCell, _ bytes: Span<UInt8>, _ table: CSVTable, row: Int, column: Int
  ) -> Double {
    guard let number = DecimalParser.parse(bytes, cell.content) else {
      refuse(table, row: row, column: column) { "expected a number, received \($0)" }
      return 0
    }
    guard Float(number).isFinite else {
      refuse(table, row: row, column: column) {
        "expected a number of at most \(Float.greatestFiniteMagnitude) in size, received \($0)"
      }
      return 0
    }
    return number
  }

  /// Returns the provisional number of the label in a cell, or 0 for an invalid cell.
  private mutating func label(_ cell: CSVCell, _ table: CSVTable, row: Int, column: Int) -> Int {
    guard (1...CSVHeader.nameLimit).contains(cell.content.count) else {
      refuse(table, row: row, column: column) {
        "expected a class of at most \(CSVHeader.nameLimit) bytes, received \($0)"
      }
      return 0
    }
    // `labels` is not nil, because the caller checks it.
    guard let number = labels?.number(of: cell.text(table.bytes), row: row) else {
      refuse(table, row: row, column: column) { _ in
        "expected at most \(ClassNames.range.upperBound) classes, received more"
      }
      return 0
    }
    return number
  }

  private mutating func refuse(
    _ table: CSVTable, row: Int, column: Int, _ message: (_ received: String) -> String
  ) {
    let isInput = slots[column] < inputCount
    badCells.add(
      column: table.header[column], field: isInput ? fields.inputs : fields.targets
    ) { table.badCell(row: row, column: column, message) }
  }

  /// Records a label that does not name a class as an invalid cell.
  package mutating func refuseLabel(
    _ table: CSVTable, row: Int, column: Int, field: String,
    _ message: (_ received: String) -> String
  ) {
    badCells.add(column: table.header[column], field: field) {
      table.badCell(row: row, column: column, message)
    }
  }
}
