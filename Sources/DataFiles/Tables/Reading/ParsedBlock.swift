/// The rows of one block. Lines and rows are counted from 0 at its beginning.
struct ParsedBlock: Sendable {
  /// A violation of the table's form.
  struct Failure {
    let line: Int
    /// The name of the column, where one is concerned.
    var column: String?
    let message: String
  }

  /// An invalid cell.
  struct BadCell {
    let row: Int
    let message: String
    /// The cell's own line and column, and the text of that line.
    let line: Int
    let column: Int
    let text: String
  }

  /// The invalid cells of one request: the first of them, and their number.
  struct BadColumn {
    var cells: [BadCell] = []
    var count = 0
    /// The order of the first invalid cells among the columns.
    var rank = Int.max
  }

  var rowCount = 0
  var byteCount = 0
  /// The number of missing values of each request.
  var missingCounts: [Int] = []
  var lineCount = 0
  /// The texts of each request that the block knew before.
  var known: [KnownTexts] = []
  /// The values of each request. Categories are codes of `texts`.
  var values: [StoredValues] = []
  /// The known and new texts of each request. Empty for columns without texts.
  var texts: [TextCodes] = []
  /// The first row of each new category.
  var firstRows: [[Int]] = []
  var badColumns: [BadColumn] = []
  var lines = RowLines()
  /// Whether each row ends with a separator, which adds an empty cell. Nil without rows.
  var endsWithSeparator: Bool?
  /// The line of the first row.
  var firstLine = 0
  /// The first of the empty lines before which the last row ended. Nil without empty lines.
  var emptyLine: Int?
  /// The violation that ended reading.
  var failure: Failure?
}
