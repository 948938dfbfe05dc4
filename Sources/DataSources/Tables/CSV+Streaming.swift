internal import DataFiles
internal import Tensors

extension CSV {
  /// The input columns that are read before the others, because an encoding learns from them or leaves
  /// out rows.
  static func learnedColumns(_ inputs: [TableInputs.Column]) -> [TableInputs.Column] {
    inputs.filter { $0.encoding.isLearned || $0.encoding.missing == .row }
  }

  /// Returns the encodings of all input columns.
  ///
  /// - Parameter learned: the fitted encodings of ``learnedColumns(_:)``, or of all columns.
  static func encodings(
    _ inputs: [TableInputs.Column], learned: [ColumnEncoding]
  ) -> [ColumnEncoding] {
    var learned = learned[...]
    return inputs.map { input in
      input.encoding.column == learned.first?.column ? learned.removeFirst() : input.encoding
    }
  }

  /// Writes the inputs of a table to a temporary file, a block of the table at a time.
  ///
  /// - Parameters:
  ///   - reader: the table, opened again.
  ///   - encodings: fitted encodings, one for each input column.
  ///   - rows: the used rows, in ascending order.
  ///   - field: the field of the part that states the input columns.
  /// - Returns: the tensor of the inputs. Its examples are read on demand.
  func spilled(
    _ reader: TableReader, _ inputs: [TableInputs.Column], _ encodings: [ColumnEncoding],
    rows: [Int], field: String, _ context: DataContext
  ) throws(DataFailure) -> ExampleTensor {
    let parts = reader.parts(
      inputs.map { $0.encoding.request($0.index, field: field, mark: $0.mark, dialect.marks) },
      loop: context.loop)
    let names = encodings.flatMap(\.names)
    // The rows of the table before a part, and the used ones among them.
    var (firstRow, used) = (0, 0)
    let spilled = try SpilledRows(of: reader.header.path, width: names.count) {
      (write) throws(DataFailure) in
      do throws(DataFailure) {
        while let table = try parts.next() {
          var own: [Int] = []
          var isUsed = [Bool](repeating: false, count: table.rowCount)
          while used < rows.count, rows[used] < firstRow + table.rowCount {
            own.append(rows[used] - firstRow)
            isUsed[rows[used] - firstRow] = true
            used += 1
          }
          firstRow += table.rowCount
          let encoded = try EncodedTable(
            table, table.columns, encodings, rows: own, isUsed, field: field)
          var isWritten = true
          encoded.read { numbers, _, _, _ in
            isWritten = write(numbers)
            return isWritten
          }
          guard isWritten else { return }
        }
      } catch {
        guard case .cells(let cells, nil) = error else {
          throw error.blaming(field, of: context.phase)
        }
        throw .cells(cells, of: context.phase)
      }
    }
    guard spilled.count == rows.count else {
      throw .io("\(reader.header.path): changed while it was read")
    }
    let examples = ExampleSelection(spilled, width: names.count)
    return ExampleTensor(
      DataTop(columns: encodings), .onDemand(examples),
      exact: DemandedValues(examples, names: names))
  }
}
