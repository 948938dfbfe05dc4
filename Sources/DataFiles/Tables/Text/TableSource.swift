/// The bytes of a table: a regular file, the standard input, or text in memory.
package final class TableSource {
  /// The name in messages.
  let path: String
  /// The size in bytes.
  let size: Int
  private let file: DataFile?
  private let bytes: [UInt8]
  /// Whether the bytes come from the standard input, which is read once.
  private let isStandardInput: Bool
  /// The first bytes of the standard input, which are read a second time.
  private var start: [UInt8] = []
  /// Bytes that were taken from the standard input before.
  private var taken: [UInt8]

  /// The name of the standard input in messages.
  static let standardInputName = "standard input"

  /// Opens a file.
  package init(path: String) throws(DataFailure) {
    self.path = path
    let opened = try DataFile(path: path)
    size = opened.size
    file = consume opened
    bytes = []
    taken = []
    isStandardInput = false
  }

  private init(taken: [UInt8]) {
    path = TableSource.standardInputName
    size = 0
    file = nil
    bytes = []
    self.taken = taken
    isStandardInput = true
  }

  /// Returns the standard input. Only one reader can read it.
  ///
  /// - Parameter taken: the first bytes, which were already taken from it.
  package static func standardInput(after taken: [UInt8] = []) -> TableSource {
    TableSource(taken: taken)
  }

  /// Uses text in memory.
  package init(_ bytes: [UInt8], path: String) {
    self.path = path
    file = nil
    size = bytes.count
    self.bytes = bytes
    taken = []
    isStandardInput = false
  }

  /// Returns the bytes from `offset` on, at most `count`. Fewer mean the end.
  func read(atMost count: Int, from offset: Int) throws(DataFailure) -> [UInt8] {
    if isStandardInput { return try readStandardInput(atMost: count, from: offset) }
    if file != nil { return try file?.read(atMost: count, from: offset) ?? [] }
    let start = min(offset, bytes.count)
    return Array(bytes[start..<min(bytes.count, start + count)])
  }

  /// Writes `prefix` and the bytes from `offset` on, at most `count`, to the start of `memory`.
  ///
  /// - Parameter memory: an array that grows as needed.
  /// - Returns: the number of bytes with the prefix. Fewer than possible mean the end.
  func read(
    atMost count: Int, from offset: Int, after prefix: [UInt8], into memory: inout [UInt8]
  ) throws(DataFailure) -> Int {
    guard file != nil else {
      memory = try prefix + read(atMost: count, from: offset)
      return memory.count
    }
    return try file?.read(atMost: count, from: offset, after: prefix, into: &memory) ?? 0
  }

  /// Reads the next bytes of the standard input. `offset` is the end of the last bytes, or lies in
  /// the first few bytes.
  private func readStandardInput(
    atMost count: Int, from offset: Int
  ) throws(DataFailure) -> [UInt8] {
    let known = Array(start.dropFirst(offset).prefix(count))
    let early = taken.prefix(count - known.count)
    taken.removeFirst(early.count)
    let bytes =
      try known + early
      + DataFile.readStandardInput(atMost: count - known.count - early.count)
    // Only the bytes that may be a byte order mark are read twice.
    start = offset == 0 && count <= 4 ? bytes : []
    return bytes
  }
}
