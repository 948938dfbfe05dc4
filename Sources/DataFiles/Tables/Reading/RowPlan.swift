/// How the rows of a table are read: which cells, and as what.
struct RowPlan: Sendable {
  /// How a cell is read.
  enum Kind {
    case skipped
    case number
    case text
    case date
    case datetime
    /// The general way: formats, marks between digits or equal to the separator, and unusual missing
    /// values.
    case other
  }

  struct Step {
    var kind = Kind.skipped
    /// The index of the column's request. −1 for a column that is not read.
    var slot = -1
    var decimal = UInt8(ascii: ".")
  }

  let path: String
  let names: [String]
  let scanner: CellScanner
  let encoding: TextEncoding
  let comment: [UInt8]
  /// One step for each column of the table.
  let steps: [Step]
  let requests: [ColumnRequest]
  let missing: MissingTexts
  /// For each request the values of an ordinal column with their index. Empty for other columns.
  let orders: [[String: Int]]

  init(_ header: TableHeader, _ requests: [ColumnRequest], _ dialect: TableDialect) {
    path = header.path
    names = header.names
    scanner = CellScanner(header.separator)
    encoding = header.encoding
    comment = Array((dialect.comment ?? "").utf8)
    self.requests = requests
    missing = MissingTexts(dialect.missing)
    var steps = [Step](repeating: Step(), count: header.names.count)
    for (slot, request) in requests.enumerated() {
      steps[request.column].slot = slot
      steps[request.column].kind = RowPlan.kind(request.type, hasNumbers: missing.hasNumbers)
      if case .number(let decimal, _) = request.type {
        steps[request.column].decimal = decimal.byte
        if request.type.marks(scanner.separator) { steps[request.column].kind = .other }
      }
    }
    self.steps = steps
    orders = requests.map {
      guard case .ordinal(let order) = $0.type else { return [:] }
      return Dictionary(
        order.enumerated().map { (LabelIndex.canonicalName(of: $1), $0) },
        uniquingKeysWith: { first, _ in first })
    }
  }

  /// The number of cells of a row, for messages.
  var width: String { steps.count == 1 ? "1 cell" : "\(steps.count) cells" }

  /// The message about a row with another number of cells.
  func wrongCount(_ received: Int) -> String {
    let message = "expected \(width), received \(received)"
    guard received > steps.count, requests.contains(where: { $0.type.marks(scanner.separator) })
    else { return message }
    return message + " (numbers have a \(scanner.word) in them as well: put them in quotes, or "
      + "choose another separator)"
  }

  /// The texts of each request before the first block.
  var unknownTexts: [KnownTexts] {
    [KnownTexts](repeating: KnownTexts(), count: requests.count)
  }

  private static func kind(_ type: ColumnType, hasNumbers: Bool) -> Kind {
    switch type {
    case .number(_, thousands: nil): hasNumbers ? .other : .number
    case .number: .other
    case .category, .boolean, .ordinal: .text
    case .date(let format): format == nil ? .date : .other
    case .datetime(let format): format == nil ? .datetime : .other
    }
  }
}
