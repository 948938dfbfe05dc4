internal import Files
internal import Networks
internal import YAML

/// Writes predictions piece by piece.
struct PredictionWriter {
  private let columns: PredictionColumns
  private let format: PredictionFormat
  /// The names of the cells before the prediction, such as `file`.
  private let labelNames: [String]
  /// The number of examples with a score of NaN. Such cells are empty.
  private(set) var countWithoutNumber = 0
  private(set) var count = 0

  init(_ columns: PredictionColumns, _ format: PredictionFormat, labelNames: [String]) {
    self.columns = columns
    self.format = format
    self.labelNames = labelNames
  }

  /// Returns the bytes before the first example.
  ///
  /// - Parameter axes: The axes of the array, with the number of all examples first. Used by NumPy's
  ///   format alone.
  func start(axes: [Int]) -> [UInt8] {
    switch format {
    case .csv: Array(CSVText.line(labelNames + columns.names).utf8)
    case .jsonl: []
    case .npy: PredictionWriter.header(axes: axes)
    }
  }

  /// Returns the bytes of some examples.
  ///
  /// - Parameter labels: The first cells of each example. Empty without such cells.
  mutating func bytes(_ predictions: Predictions, labels: [[String]]) -> [UInt8] {
    var bytes: [UInt8] = []
    for example in 0..<predictions.count {
      let cells = columns.cells(of: example, in: predictions)
      if cells.contains(where: \.isMissing) { countWithoutNumber += 1 }
      let own = labels.indices.contains(example) ? labels[example] : []
      switch format {
      case .csv: append(own, cells, to: &bytes)
      case .jsonl: bytes += line(own, cells).utf8
      case .npy:
        for number in columns.numbers(of: example, in: predictions) {
          let bits = number.bitPattern
          for shift in [0, 8, 16, 24] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
          }
        }
      }
    }
    count += predictions.count
    return bytes
  }

  /// Appends an example as a line of comma-separated values.
  private func append(
    _ labels: [String], _ cells: [PredictionColumns.Cell], to bytes: inout [UInt8]
  ) {
    let start = bytes.count
    for label in labels {
      bytes += CSVText.quoted(label).utf8
      bytes.append(UInt8(ascii: ","))
    }
    for cell in cells {
      switch cell {
      case .text(let text): bytes += CSVText.quoted(text).utf8
      case .number(let number): bytes += number.description.utf8
      case .missing: break
      }
      bytes.append(UInt8(ascii: ","))
    }
    if bytes.count > start { bytes.removeLast() }
    // An empty line would not be a row.
    if bytes.count == start { bytes += "\"\"".utf8 }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Returns an example as an object on one line.
  private func line(_ labels: [String], _ cells: [PredictionColumns.Cell]) -> String {
    let own = zip(labelNames, labels).map { "\($0.jsonQuoted): \($1.jsonQuoted)" }
    let others = zip(columns.names, cells).map { "\($0.jsonQuoted): \($1.jsonText)" }
    return "{" + (own + others).joined(separator: ", ") + "}\n"
  }

  /// Returns the header of a NumPy file of little-endian float32 numbers.
  ///
  /// Reference: the format's specification, NEP 1, version 1.0. The header is filled with blanks to
  /// a multiple of 64 bytes.
  private static func header(axes: [Int]) -> [UInt8] {
    let shape = axes.map { "\($0)," }.joined(separator: " ")
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }"
    let start = 10
    text += String(repeating: " ", count: 63 - (start + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8)
      + [1, 0, UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
      + Array(text.utf8)
  }

  /// The warning about examples with NaN. Nil when every value is a number.
  var warning: String? {
    guard countWithoutNumber > 0 else { return nil }
    let cells =
      switch format {
      case .csv: "their cells are empty"
      case .jsonl: "their values are null"
      case .npy: "the array has them as NaN"
      }
    return "warning: \(countWithoutNumber) of \(count) rows have scores that are not numbers "
      + "(NaN): \(cells)"
  }
}

extension PredictionColumns.Cell {
  fileprivate var isMissing: Bool { if case .missing = self { true } else { false } }

  fileprivate var jsonText: String {
    switch self {
    case .text(let text): text.jsonQuoted
    // JSON has no infinity.
    case .number(let number): number.isFinite ? number.description : "null"
    case .missing: "null"
    }
  }
}
