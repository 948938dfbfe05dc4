internal import YAML

/// The bytes of a data file from its start to its end, inflated where it is a gzip stream, which
/// its first two bytes tell.
///
/// Nothing is inflated that was not asked for, so that a small file which would become a large one
/// takes no more memory than its reader expects. Members of a gzip stream may follow one another
/// (RFC 1952); anything else behind a member is refused, as are a wrong checksum or length and a
/// stream that is cut off.
final class ByteStream {
  /// What failures call the file.
  let path: String
  private let file: DataFile
  private let inflater: Inflater?
  /// Bytes of the file that were read and not taken yet, from `place` on.
  private var chunk: [UInt8]
  private var place = 0
  /// Bytes of the file up to the end of `chunk`.
  private var bytesRead: Int
  /// False between two members of a gzip stream.
  private var isInMember = true

  private static let chunkSize = 1 << 16
  /// Deflate makes at most 258 bytes of 2 bits.
  private static let greatestRatio = 1032

  init(path: String) throws(DataFailure) {
    self.path = path.quotable
    file = try DataFile(path: path)
    chunk = try file.read(atMost: 2)
    bytesRead = chunk.count
    inflater = chunk == [0x1F, 0x8B] ? Inflater() : nil
  }

  /// Why the file cannot hold `count` bytes, as far as its size tells; nil if it can.
  func sizeMistake(_ count: Int) -> String? {
    guard inflater != nil else {
      return file.size == count ? nil : "expected \(count) bytes, received \(file.size)"
    }
    let (most, overflows) = file.size.multipliedReportingOverflow(by: ByteStream.greatestRatio)
    return overflows || count <= most
      ? nil
      : "expected \(count) bytes when inflated, received a gzip stream of \(file.size), which "
        + "are at most \(most)"
  }

  /// "bytes", or what tells them from those of the file.
  var unit: String { inflater == nil ? "bytes" : "bytes when inflated" }

  /// The next bytes, at most `count` of them; fewer only at the end.
  func read(atMost count: Int) throws(DataFailure) -> [UInt8] {
    guard let inflater else { return try readPlain(atMost: count) }
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count, try hasMore() {
      if !isInMember { try beginMember(inflater) }
      switch inflater.inflate(chunk, &place, to: &bytes, &filled) {
      case .more: break
      case .memberEnd: isInMember = false
      case .noMemory: throw .io("\(path): no memory to inflate it")
      case .damaged(let reason): throw failure("expected a sound gzip stream, received \(reason)")
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

  /// False at the end of the gzip stream.
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
      throw failure("expected the end of the file, received other bytes behind the gzip stream")
    }
    inflater.beginMember()
    isInMember = true
  }

  private func failure(_ message: String) -> DataFailure {
    .content("\(path): byte \(bytesRead - chunk.count + place): \(message)")
  }
}
