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

  /// The greatest number of texts that blocks know before they are parsed.
  private static let knownLimit = 1 << 14

  /// The texts that the next blocks know. None if they are too many to copy.
  var known: KnownTexts {
    spellings.count <= CategoryIndex.knownLimit
      ? KnownTexts(codes: spellings, codeCount: names.count) : KnownTexts()
  }

  /// Adds the new texts of a block.
  ///
  /// - Parameters:
  ///   - known: the texts that the block knew.
  ///   - firstRows: the first row of each new code of the block.
  /// - Returns: for each code of the block the code of the column. Nil when there are too many
  ///   categories, or too many spellings of numbers.
  mutating func add(
    _ texts: TextCodes, beyond known: KnownTexts, firstRows rows: [Int]
  ) -> [Int]? {
    var result = Array(0..<known.codeCount + rows.count)
    let storage = texts.storage.span
    for index in known.codes.count..<texts.count {
      let own = texts.code(ofEntry: index)
      let range = texts.range(ofEntry: index)
      let key = TextCodes.key(storage, range)
      if let code = spellings.code(storage, range, key) {
        if own >= 0 { result[own] = code }
        continue
      }
      guard own >= 0 else {
        spellings.add(storage, range, key, code: own)
        continue
      }
      let text = CellReader.text(storage, range)
      let name = isVerbatim ? text : LabelIndex.canonicalName(of: text)
      let code = codes[name] ?? names.count
      if code == names.count {
        codes[name] = code
        names.append(name)
        firstRows.append(rows[own - known.codeCount])
      }
      guard names.count <= limit, spellings.count < 2 * limit else { return nil }
      spellings.add(storage, range, key, code: code)
      result[own] = code
    }
    return result
  }
}
