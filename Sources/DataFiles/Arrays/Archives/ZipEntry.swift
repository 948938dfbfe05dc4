/// A file in a ZIP archive.
struct ZipEntry: Equatable {
  let name: String
  /// Whether the bytes are compressed by deflate. Otherwise they are stored as they are.
  let isDeflated: Bool
  /// The CRC-32 of the file's bytes.
  let checksum: UInt32
  /// The number of bytes in the archive.
  let storedSize: Int
  /// The number of bytes of the file.
  let size: Int
  /// The offset of the local header in the archive.
  let header: Int
  /// The offset of the first stored byte in the archive.
  var start = 0

  /// The offset behind the last stored byte.
  var end: Int { start + storedSize }
}
