package import Files
internal import Networks
internal import YAML

extension Record {
  /// The text of the file: a comment `# key: value` for each property of the training, then the
  /// rows of the history.
  package var text: String {
    var pairs = [
      (Key.format, Record.format), (.version, version), (.seed, "\(seed)"),
      (.arithmetic, "\(arithmetic)"), (.tolerance, "\(tolerance)"), (.model, model), (.data, data),
      (.end, end), (.iterations, "\(iterations)"), (.history, history), (.weights, weights),
      (.rows, kept),
    ].map { ($0.0.rawValue, $0.1) }
    pairs += scores.map { (Record.scorePrefix + $0.name, $0.value) }
    let comments = pairs.map { "# \($0.0): \($0.1.escapingControls)\n" }.joined()
    return comments + header + "\n"
      + rows.map { $0.cells.joined(separator: ",") + "\n" }.joined()
  }

  /// The keys of the comments in their order. The scores come last.
  private enum Key: String, CaseIterable {
    case format = "dlrun record"
    case version, seed, arithmetic, tolerance, model, data, end, iterations, history, weights, rows
  }

  /// The version of the file's format.
  private static let format = "1"
  private static let scorePrefix = "reached "

  /// The greatest size of a file in bytes. A record has some hundred rows.
  private static let sizeLimit = 64 << 20

  /// Reads a record.
  ///
  /// - Throws: ``RunFailure`` when the file cannot be read, or is not a record.
  package init(path: String) throws(RunFailure) {
    let bytes = try InputFile.read(path, upTo: Record.sizeLimit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .refusedInput("\(path.quotable): expected UTF-8 text")
    }
    try self.init(text: text, name: path)
  }

  /// Parses a text in the form of ``text``.
  ///
  /// - Parameter name: the file's name in messages.
  package init(text: String, name: String) throws(RunFailure) {
    func failure(_ line: Int, _ message: String) -> RunFailure {
      .refusedInput("\(name.quotable):\(line): \(message)")
    }
    // Files from other systems may have carriage returns.
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { line in
        Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
      }
    let comments = lines.prefix { $0.hasPrefix("#") }
    var values: [Key: String] = [:]
    var scores: [Score] = []
    for (index, line) in comments.enumerated() {
      guard line.hasPrefix("# "), let colon = line.lastRange(of: ": ") else {
        throw failure(index + 1, "expected '# key: value', received '\(String(line).quotable)'")
      }
      let name = String(line[..<colon.lowerBound].dropFirst(2))
      if name.hasPrefix(Record.scorePrefix) {
        let value = String(line[colon.upperBound...])
        guard Double(value) != nil else {
          throw failure(index + 1, "expected a number, received '\(value.quotable)'")
        }
        scores.append(Score(name: String(name.dropFirst(Record.scorePrefix.count)), value: value))
        continue
      }
      // A value may contain a colon, and a key may not.
      let parts = line.dropFirst(2).split(
        separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let key = Key(rawValue: String(parts[0])), values[key] == nil else {
        throw failure(index + 1, "unknown or repeated '\(name.quotable)'")
      }
      values[key] = String(parts[1])
    }
    func value(_ key: Key) throws(RunFailure) -> String {
      guard let value = values[key] else {
        throw failure(1, "expected a record of dlrun with '# \(key.rawValue): …'")
      }
      return value
    }
    func number<Number: LosslessStringConvertible>(_ key: Key) throws(RunFailure) -> Number {
      let text = try value(key)
      guard let number = Number(text) else {
        throw failure(1, "\(key.rawValue): expected a number, received '\(text.quotable)'")
      }
      return number
    }
    let format = try value(.format)
    guard format == Record.format else {
      throw failure(1, "expected a record of format \(Record.format), received \(format.quotable)")
    }
    tolerance = try number(.tolerance)
    guard Record.tolerances.contains(tolerance) else {
      throw failure(
        1,
        "tolerance: expected a number from \(Record.tolerances.lowerBound) to "
          + "\(Record.tolerances.upperBound), received \(tolerance)")
    }
    version = try value(.version)
    seed = try number(.seed)
    arithmetic = try number(.arithmetic)
    model = try value(.model)
    data = try value(.data)
    end = try value(.end)
    iterations = try number(.iterations)
    history = try value(.history)
    weights = try value(.weights)
    kept = try value(.rows)
    self.scores = scores
    var rest = lines[comments.endIndex...]
    guard let header = rest.popFirst(), !header.isEmpty else {
      throw failure(comments.count + 1, "expected the names of the history's columns")
    }
    self.header = String(header)
    var rows: [Row] = []
    for (index, line) in rest.enumerated() where !(line.isEmpty && index == rest.count - 1) {
      let cells = Record.cells(of: line)
      guard let iteration = Int(cells[0]),
        cells.allSatisfy({ $0.isEmpty || Double($0) != nil }),
        cells.count == rows.first?.cells.count ?? cells.count
      else {
        throw failure(
          comments.count + 2 + index,
          "expected a row of numbers like the first row, received '"
            + String(line).quotable + "'")
      }
      rows.append(Row(iteration: iteration, cells: cells))
    }
    guard !rows.isEmpty else { throw failure(lines.count, "expected at least one row") }
    self.rows = rows
  }
}

extension Substring {
  /// Returns the last range of a text.
  fileprivate func lastRange(of text: String) -> Range<Index>? { ranges(of: text).last }
}
