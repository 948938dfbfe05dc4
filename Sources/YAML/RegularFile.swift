internal import Glibc

/// A file that is open for reading, and read only if it is no pipe, device or folder.
package struct RegularFile: ~Copyable {
  private let path: String
  private let descriptor: CInt

  package init(path: String) throws(ReadFailure) {
    // A C text ends at its first NUL, which would open another file.
    guard !path.utf8.contains(0) else {
      throw RegularFile.failure(path, "a file name holds no NUL character")
    }
    // Opening a pipe must not wait for its other end.
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw RegularFile.failure(path, errno) }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// The whole content; refused, without reading it, where it has more than `limit` bytes.
  package func read(upTo limit: Int) throws(ReadFailure) -> [UInt8] {
    let size = try regularSize()
    guard size <= limit else {
      throw .content(Diagnostics(SourceText.tooLarge(size, limit: limit, name: path)))
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    // A file may grow while it is read: one chunk beyond the limit, and the text is refused.
    while bytes.count <= limit {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw RegularFile.failure(path, errno) }
      if count == 0 { break }
      bytes += chunk.prefix(count)
    }
    return bytes
  }

  private func regularSize() throws(ReadFailure) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw RegularFile.failure(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFDIR: throw RegularFile.failure(path, "it is a folder")
    default: throw RegularFile.failure(path, "it is not a regular file")
    }
  }

  private static func failure(_ path: String, _ code: CInt) -> ReadFailure {
    failure(path, unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)")
  }

  private static func failure(_ path: String, _ reason: String) -> ReadFailure {
    .io("cannot read '\(path.quotable)': \(reason)")
  }
}
