internal import YAML

/// Reads the bytes of a data file from start to end, and inflates a gzip stream.
///
/// The first two bytes show whether the file is gzip. It inflates only the requested bytes.
/// Therefore a small file that expands greatly cannot exhaust the memory. A gzip stream may have
/// several members (RFC 1952). Other bytes after a member, a wrong checksum or length, and a
/// truncated stream are refused.
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
  /// False between two members of a gzip stream.
  private var isInMember = true

  private static let chunkSize = 1 << 16
  /// The greatest compression ratio: deflate encodes at most 258 bytes in 2 bits.
  private static let greatestRatio = 1032

  init(path: String) throws(DataFailure) {
    self.path = path.quotable
    file = try DataFile(path: path)
    chunk = try file.read(atMost: 2)
    bytesRead = chunk.count
    inflater = chunk == [0x1F, 0x8B] ? Inflater() : nil
  }

  /// Returns the reason why a file of this size cannot contain `count` bytes. Nil when it can.
  func sizeMistake(_ count: Int) -> String? {
    guard inflater != nil else {
      return file.size == count ? nil : "expected \(count) bytes, received \(file.size)"
    }
    let (most, overflows) = file.size.multipliedReportingOverflow(by: ByteStream.greatestRatio)
    return overflows || count <= most
      ? nil
      : "expected \(count) bytes when inflated, received a gzip stream of \(file.size), which "
        + "inflate to at most \(most)"
  }

  /// Whether the file is a gzip stream.
  var isGzip: Bool { inflater != nil }

  /// The unit of sizes in messages: bytes of the file, or inflated bytes.
  var unit: String { inflater == nil ? "bytes" : "bytes when inflated" }

  /// Reads the next bytes, at most `count`. Fewer bytes mean the end of the file.
  func read(atMost count: Int) throws(DataFailure) -> [UInt8] {
    guard let inflater else { return try readPlain(atMost: count) }
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count, try hasMore() {
      if !isInMember { try beginMember(inflater) }
      switch inflater.inflate(chunk, &place, to: &bytes, &filled) {
      case .more: break
      case .memberEnd: isInMember = false
      case .noMemory: throw .io("\(path): not enough memory to inflate the file")
      case .damaged(let reason): throw failure("expected an intact gzip stream, received \(reason)")
      }
    }
    bytes.removeLast(count - filled)
    return bytes
  }

  private func readPlain(atMost count: Int) throws(DataFailure) -> [UInt8] {
    guard place < chunk.count else { return try file.read(atMost: count) }
    let first = chunk[place..<min(chunk.count, place + count)]
    place += first.count
    return first.count == count
      ? Array(first) : first + (try file.read(atMost: count - first.count))
  }

  /// Reads another chunk when needed. Returns false at the end of the gzip stream.
  private func hasMore() throws(DataFailure) -> Bool {
    if place < chunk.count { return true }
    chunk = try file.read(atMost: ByteStream.chunkSize)
    place = 0
    bytesRead += chunk.count
    guard chunk.isEmpty else { return true }
    guard !isInMember else {
      throw failure("expected more of the gzip stream, received the end of the file")
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
