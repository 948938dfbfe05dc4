import DataFiles

/// Surveys a table of unknown form, as `dlrun init` does. Every type that the survey finds must read
/// its column, and the size of the blocks must not matter.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let source = TableSource(bytes, path: "fuzz.csv")
  guard let dialect = try? TableDialect.found(in: source),
    let survey = try? TableSurvey(source, dialect)
  else { return 0 }
  guard let other = try? TableSurvey(source, dialect, blockSize: 5) else {
    preconditionFailure("a survey that depends on the size of blocks")
  }
  precondition(survey.rowCount == other.rowCount, "other rows in small blocks")
  for (column, again) in zip(survey.columns, other.columns) {
    compare(column, again, rowCount: survey.rowCount)
  }
  read(survey, source, dialect)
  return 0
}

private func compare(_ column: ColumnSurvey, _ other: ColumnSurvey, rowCount: Int) {
  let words = column.missingWords.values.reduce(0, +)
  precondition(
    column.valueCount + column.missingCount + words == rowCount, "cells that are not counted")
  precondition(
    column.valueCount == other.valueCount && column.missingCount == other.missingCount
      && column.hasManyTexts == other.hasManyTexts && column.texts == other.texts
      && column.isBoolean == other.isBoolean && column.isRunningNumber == other.isRunningNumber
      && column.numbers.isNumber == other.numbers.isNumber
      && column.dates.isDate == other.dates.isDate, "another survey in small blocks")
}

/// Reads each column with the types that fit it.
private func read(_ survey: TableSurvey, _ source: TableSource, _ dialect: TableDialect) {
  var dialect = dialect
  dialect.missing += survey.columns.flatMap(\.missingWords.keys)
  dialect.separator = survey.header.separator
  for (index, column) in survey.columns.prefix(64).enumerated() where column.valueCount > 0 {
    var types: [ColumnType] = column.isBoolean ? [.boolean] : []
    for prefersComma in [false, true] {
      // Whole numbers fit a decimal comma as well, but not in a table that commas separate.
      guard let form = column.numbers.form(prefersComma: prefersComma),
        form.marks.decimal != .comma || dialect.separator != .comma
      else { continue }
      precondition(form.least <= form.greatest, "a range that is empty")
      types.append(form.marks.columnType)
    }
    for form in column.dates.forms {
      precondition(form.first <= form.last, "dates that do not follow each other")
      types.append(form.type)
    }
    for type in types {
      let request = ColumnRequest(index, type, allowsMissing: true)
      guard let table = try? TableReader(source, dialect).read([request]) else {
        preconditionFailure("a column that its own type does not read")
      }
      precondition(table.rowCount == survey.rowCount, "other rows than in the survey")
    }
  }
}
