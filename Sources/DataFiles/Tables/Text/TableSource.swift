/// The bytes of a table: a regular file, or text in memory.
package final class TableSource {
  /// The name in messages.
  let path: String
  /// The size in bytes.
  let size: Int
  private let file: DataFile?
  private let bytes: [UInt8]

  /// Opens a file.
  package init(path: String) throws(DataFailure) {
    self.path = path
    let opened = try DataFile(path: path)
    size = opened.size
    file = consume opened
    bytes = []
  }

  /// Uses text in memory.
  package init(_ bytes: [UInt8], path: String) {
    self.path = path
    file = nil
    size = bytes.count
    self.bytes = bytes
  }

  /// Returns `prefix` and the bytes from `offset` on, at most `count`. Fewer mean the end.
  func read(
    atMost count: Int, from offset: Int, after prefix: ArraySlice<UInt8> = []
  ) throws(DataFailure) -> [UInt8] {
    if file != nil { return try file?.read(atMost: count, from: offset, after: prefix) ?? [] }
    let start = min(offset, bytes.count)
    return Array(prefix + bytes[start..<min(bytes.count, start + count)])
  }
}
