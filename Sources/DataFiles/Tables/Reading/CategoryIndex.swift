/// The categories of a column, in the order of their first appearance.
struct CategoryIndex {
  private let limit: Int
  private let isVerbatim: Bool
  /// The code of each written text.
  private var spellings = TextCodes()
  /// The code of each name. All spellings of one number have one name.
  private var codes: [String: Int] = [:]
  private(set) var names: [String] = []
  private(set) var firstRows: [Int] = []

  /// - Parameter isVerbatim: whether each text is a name of its own.
  init(limit: Int, isVerbatim: Bool) {
    self.limit = limit
    self.isVerbatim = isVerbatim
  }

  /// Adds the texts of a block.
  ///
  /// - Parameter firstRows: the first row of each code of the block.
  /// - Returns: for each code of the block the code of the column. Nil when there are too many
  ///   categories, or too many spellings of numbers.
  mutating func add(_ texts: TextCodes, firstRows rows: [Int]) -> [Int]? {
    var result = [Int](repeating: 0, count: rows.count)
    let storage = texts.storage.span
    for index in 0..<texts.count {
      let own = texts.code(ofEntry: index)
      guard rows.indices.contains(own) else { continue }
      let range = texts.range(ofEntry: index)
      let key = TextCodes.key(storage, range)
      if let code = spellings.code(storage, range, key) {
        result[own] = code
        continue
      }
      let text = CellReader.text(storage, range)
      let name = isVerbatim ? text : LabelIndex.canonicalName(of: text)
      let code = codes[name] ?? names.count
      if code == names.count {
        codes[name] = code
        names.append(name)
        firstRows.append(rows[own])
      }
      guard names.count <= limit, spellings.count < 2 * limit else { return nil }
      spellings.add(storage, range, key, code: code)
      result[own] = code
    }
    return result
  }
}
