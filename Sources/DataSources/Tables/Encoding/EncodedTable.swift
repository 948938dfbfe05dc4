package import DataFiles
internal import Tensors
internal import YAML

/// The values of columns of a table, by fitted encodings. Each used row is an example.
package struct EncodedTable: ExactValues {
  private let table: StoredTable
  private let encoders: [ColumnEncoder]
  /// The used rows, in the order of the examples.
  private let rows: [Int]
  /// The name of each value.
  let names: [String]

  /// The number of examples that are encoded at once.
  private static let chunkCount = 1024

  /// Prepares the encodings.
  ///
  /// - Parameters:
  ///   - encodings: fitted encodings, one for each column.
  ///   - isUsed: whether each row of the table is used. Nil means all.
  ///   - field: the field of the model file that reads the columns.
  /// - Throws: the first cell with a value that training did not see.
  init(
    _ table: StoredTable, _ columns: [StoredColumn], _ encodings: [ColumnEncoding], rows: [Int],
    _ isUsed: [Bool]?, field: String
  ) throws(DataFailure) {
    self.table = table
    self.rows = rows
    var encoders: [ColumnEncoder] = []
    for (column, encoding) in zip(columns, encodings) {
      encoders.append(
        try ColumnEncoder(encoding, of: column, in: table, rows: isUsed, field: field))
    }
    self.encoders = encoders
    names = encodings.flatMap(\.names)
  }

  /// Returns the values as float32. The tensor keeps this reader if float32 does not represent all
  /// of them.
  func tensor(_ top: DataTop) throws(DataFailure) -> ExampleTensor {
    let width = names.count
    try Dataset.check(count: rows.count, inputs: width, targets: 0, of: table.path)
    let bytes = rows.count * width * MemoryLayout<Float>.size
    guard DataLimits.fitsMemory(bytes), let storage = FloatStorage(count: rows.count * width) else {
      throw Dataset.noMemory(bytes, for: table.path)
    }
    let buffer = unsafe storage.buffer
    var floats = unsafe buffer.mutableSpan
    var isExact = true
    forEachChunk { values, first, count in
      for index in 0..<count * width {
        let value = Float(values[index])
        floats[first * width + index] = value
        if Double(value) != values[index] { isExact = false }
      }
      return true
    }
    return ExampleTensor(top, .floats(storage), exact: isExact ? nil : self)
  }

  /// Calls `body` with the values of some examples after the others, until it returns false.
  private func forEachChunk(_ body: (_ values: Span<Double>, _ first: Int, _ count: Int) -> Bool) {
    let width = names.count
    var values = [Double](repeating: 0, count: min(EncodedTable.chunkCount, rows.count) * width)
    var first = 0
    while first < rows.count {
      let count = min(EncodedTable.chunkCount, rows.count - first)
      let chunk = rows.span.extracting(first..<first + count)
      var offset = 0
      for encoder in encoders {
        var span = values.mutableSpan
        encoder.write(chunk, to: &span, offset: offset, stride: width)
        offset += encoder.encoding.width
      }
      guard body(values.span, first, count) else { return }
      first += count
    }
  }

  package func read(_ body: ValueRunReader) {
    let width = names.count
    forEachChunk { values, first, count in
      for example in 0..<count {
        let row = values.extracting(example * width..<(example + 1) * width)
        guard body(row, first + example, 0, false) else { return false }
      }
      return true
    }
  }

  package func subject(ofColumn column: Int) -> String {
    "\(table.path.quotable): column '\(names[column].quotable)'"
  }

  package func places(ofExamples examples: [Int]) -> String {
    "in rows " + examples.map { String(table.line(ofRow: rows[$0])) }.joined(separator: " and ")
  }
}
