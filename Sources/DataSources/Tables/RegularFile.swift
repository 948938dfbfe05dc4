internal import Glibc
internal import YAML

/// An open regular file, closed with its owner.
///
/// A pipe, a device or a folder is refused before anything is read of it: reading could block or
/// never end. The bytes are read, not mapped, since a mapped file that another process shortens
/// ends this one.
struct RegularFile: ~Copyable {
  private let descriptor: Int32
  private let path: String
  /// The size when it was opened.
  let size: Int

  /// The most bytes a data file can have: 2 GiB.
  static let sizeLimit = 1 << 31

  init(path: String) throws(DataFailure) {
    // A C text ends at its first NUL, which would open another file.
    guard !path.utf8.contains(0) else {
      throw .content("\(path.quotable): expected a path without NUL characters")
    }
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw .io("\(path.quotable): expected a readable file: \(RegularFile.reason)")
    }
    var status = stat()
    let failed = unsafe fstat(descriptor, &status) != 0
    guard !failed, status.st_mode & S_IFMT == S_IFREG else {
      let kind = failed ? RegularFile.reason : RegularFile.kind(status.st_mode)
      close(descriptor)
      throw .content("\(path.quotable): expected a regular file, received \(kind)")
    }
    self.descriptor = descriptor
    self.path = path
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  private static var reason: String { unsafe String(cString: strerror(errno)) }

  private static func kind(_ mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }

  /// The next bytes, at most `count` of them; fewer only at the end.
  func read(atMost count: Int) throws(DataFailure) -> [UInt8] {
    var code: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = unsafe buffer.baseAddress.map { unsafe $0 + filled }
        let length = unsafe Glibc.read(descriptor, rest, count - filled)
        if length == 0 { return }
        if length > 0 {
          filled += length
        } else if errno != EINTR {
          code = errno
          return
        }
      }
    }
    guard code == 0 else {
      throw .io("\(path.quotable): could not be read: \(unsafe String(cString: strerror(code)))")
    }
    return bytes
  }

  /// All bytes.
  func readAll() throws(DataFailure) -> [UInt8] {
    guard size <= RegularFile.sizeLimit else {
      throw .content(
        "\(path.quotable): expected at most \(RegularFile.sizeLimit) bytes, received \(size)")
    }
    guard Dataset.fitsMachine(size) else {
      throw .io("\(path.quotable): \(size) bytes of memory are more than this machine has")
    }
    // One byte more than there should be tells whether the file grew.
    let bytes = try read(atMost: size + 1)
    guard bytes.count == size else {
      throw .io("\(path.quotable): changed while it was read")
    }
    return bytes
  }
}
