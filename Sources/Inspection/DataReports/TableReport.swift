internal import DataFiles
internal import DataSources
internal import YAML

/// All columns of a table: their use in the model, their gaps and their content.
struct TableReport {
  private let survey: TableSurvey
  private let name: String
  /// The use of each column: the type of an input, `target`, or `not read`.
  private let uses: [String]

  /// Reads a table.
  init(_ table: CSV, path: String) throws(DataFailure) {
    survey = try TableSurvey(TableSource(path: path), table.dialect)
    name = path
    let header = survey.header
    let targets = table.targetNames
    var kinds: [Int: String] = [:]
    if let inputs = table.inputs {
      for column in try inputs.columns(of: header, targets: targets) {
        kinds[column.index] = column.encoding.kind.rawValue
      }
    } else {
      for index in header.named where !targets.contains(header.names[index]) {
        kinds[index] = "number"
      }
    }
    uses = header.names.indices.map { index in
      targets.contains(header.names[index]) ? "target" : kinds[index] ?? "not read"
    }
  }

  /// Returns a title and one line for each column.
  ///
  /// - Parameter parts: the parts that read the table.
  func lines(_ parts: String) -> [String] {
    let rules = ColumnRules(survey)
    let rows = survey.columns.indices.map { index in
      let column = survey.columns[index]
      let content =
        uses[index] == "category" ? .text : column.content(prefersComma: rules.prefersComma)
      return [
        column.name.escapingControls, uses[index], column.gapCount(content).grouped,
        rules.description(column, content),
      ]
    }
    let table = [["column", "use", "missing", "content"]] + rows
    let widths = (0..<3).map { place in table.map { $0[place].count }.max() ?? 0 }
    let title =
      "\(parts) table: \(name.escapingControls): \(survey.rowCount.grouped) rows, "
      + "\(survey.columns.count.grouped) columns"
    return [title]
      + table.map { row in
        let cells = (0..<3).map { place in
          let padding = String(repeating: " ", count: widths[place] - row[place].count)
          return place == 2 ? padding + row[place] : row[place] + padding
        }
        return "  " + (cells + [row[3]]).joined(separator: "  ")
      }
  }
}
