internal import Files
internal import YAML

/// Reads the bytes of a data file from start to end, and inflates a gzip stream.
///
/// The first two bytes show whether the file is gzip. It inflates only the requested bytes.
/// Therefore a small file that expands greatly cannot exhaust the memory. A gzip stream may have
/// several members (RFC 1952). Other bytes after a member, a wrong checksum or length, and a
/// truncated stream are refused.
///
/// A stream may also be a file in a ZIP archive, stored or deflated. Its checksum is verified at the end.
final class ByteStream {
  /// The file's name in messages.
  let path: String
  private let file: DataFile
  private let inflater: Inflater?
  /// Bytes that were read from the file. Those before `place` are used up.
  private var chunk: [UInt8]
  private var place = 0
  /// The number of the file's bytes up to the end of `chunk`.
  private var bytesRead: Int
  /// False between two members of a gzip stream, and behind a raw stream.
  private var isInMember = true
  /// The file in an archive. Nil for a file of its own.
  private let entry: ZipEntry?
  /// The checksum of the bytes that were read from an archive, and their number.
  private var checksum = CRC32()
  private var delivered = 0

  private static let chunkSize = 1 << 16

  /// Opens a file.
  ///
  /// - Parameter name: the file's name in messages. Nil for its path.
  init(path: String, name: String? = nil) throws(DataFailure) {
    self.path = (name ?? path).quotable
    file = try DataFile(path: path, name: name)
    chunk = try file.read(atMost: 2)
    bytesRead = chunk.count
    inflater = chunk == [0x1F, 0x8B] ? Inflater() : nil
    entry = nil
  }

  /// Opens a NumPy array in an archive.
  init(path: String, name: String? = nil, array: String) throws(DataFailure) {
    file = try DataFile(path: path, name: name)
    let path = name ?? path
    guard ZipDirectory.isArchive(try file.read(atMost: 4, from: 0)) else {
      throw .content(
        "\(path.quotable): expected a NumPy archive, since 'array' names an array in it, received "
          + "another file")
    }
    let directory = try ZipDirectory(of: file, path: path)
    guard let entry = directory.entry(ofArray: array) else {
      throw .content(
        "\(path.quotable): expected an array '\(array.quotable)', received "
          + directory.arrays.quotedList)
    }
    self.path = "\(path.quotable): \(entry.name.quotable)"
    self.entry = entry
    inflater = entry.isDeflated ? Inflater(isRaw: true) : nil
    chunk = []
    bytesRead = entry.start
  }

  /// Returns the reason why a file of this size cannot contain `count` bytes. Nil when it can.
  func sizeMistake(_ count: Int) -> String? {
    guard inflater != nil, entry == nil else {
      let size = entry?.size ?? file.size
      return size == count ? nil : "expected \(count) bytes, received \(size)"
    }
    let (most, overflows) = file.size.multipliedReportingOverflow(by: Inflater.greatestRatio)
    return overflows || count <= most
      ? nil
      : "expected \(count) bytes when inflated, received a gzip stream of \(file.size), which "
        + "inflate to at most \(most)"
  }

  /// Whether the bytes are a file of their own that is not compressed.
  var isPlain: Bool { inflater == nil && entry == nil }

  /// The unit of sizes in messages: bytes of the file, or inflated bytes.
  var unit: String { inflater == nil ? "bytes" : "bytes when inflated" }

  /// Reads the next bytes, at most `count`. Fewer bytes mean the end of the file.
  func read(atMost count: Int) throws(DataFailure) -> [UInt8] {
    let bytes = try inflater == nil ? readPlain(atMost: count) : readInflated(atMost: count)
    if let entry { try verify(bytes, entry) }
    return bytes
  }

  /// Verifies the checksum of a file in an archive after its last byte.
  private func verify(_ bytes: [UInt8], _ entry: ZipEntry) throws(DataFailure) {
    guard !bytes.isEmpty else { return }
    checksum.add(bytes[...])
    delivered += bytes.count
    guard delivered == entry.size, checksum.value != entry.checksum else { return }
    throw .content(
      "\(path): expected the checksum \(entry.checksum.digits(8, radix: 16)) of the archive, received "
        + "\(checksum.value.digits(8, radix: 16)): the file is damaged")
  }

  private func readInflated(atMost count: Int) throws(DataFailure) -> [UInt8] {
    guard let inflater else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count, try hasMore() {
      if !isInMember {
        guard entry == nil else {
          throw failure("expected the end of the compressed bytes, received more")
        }
        try beginMember(inflater)
      }
      switch inflater.inflate(chunk, &place, to: &bytes, &filled) {
      case .more: break
      case .memberEnd: isInMember = false
      case .noMemory: throw .io("\(path): not enough memory to inflate the file")
      case .damaged(let reason):
        throw failure("expected an intact \(streamName), received \(reason)")
      }
    }
    bytes.removeLast(count - filled)
    return bytes
  }

  private func readPlain(atMost count: Int) throws(DataFailure) -> [UInt8] {
    guard place < chunk.count else { return try readFile(atMost: count) }
    let first = chunk[place..<min(chunk.count, place + count)]
    place += first.count
    return first.count == count
      ? Array(first) : first + (try file.read(atMost: count - first.count))
  }

  /// Reads the next bytes of the file, or of the file in the archive.
  private func readFile(atMost count: Int) throws(DataFailure) -> [UInt8] {
    guard let entry else { return try file.read(atMost: count) }
    let bytes = try file.read(
      atMost: min(count, entry.end - bytesRead), from: bytesRead)
    if inflater == nil { bytesRead += bytes.count }
    return bytes
  }

  private var streamName: String { entry == nil ? "gzip stream" : "deflated file" }

  /// Reads another chunk when needed. Returns false at the end of the gzip stream.
  private func hasMore() throws(DataFailure) -> Bool {
    if place < chunk.count { return true }
    chunk = try readFile(atMost: ByteStream.chunkSize)
    place = 0
    bytesRead += chunk.count
    guard chunk.isEmpty else { return true }
    guard !isInMember else {
      throw failure("expected more of the \(streamName), received the end of the file")
    }
    return false
  }

  private func beginMember(_ inflater: Inflater) throws(DataFailure) {
    guard chunk[place] == 0x1F else {
      throw failure("expected the end of the file, received other bytes after the gzip stream")
    }
    inflater.beginMember()
    isInMember = true
  }

  private func failure(_ message: String) -> DataFailure {
    .content("\(path): byte \(bytesRead - chunk.count + place): \(message)")
  }
}
