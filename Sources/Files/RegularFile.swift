internal import Glibc

/// An open regular file, closed with its owner.
///
/// A pipe, a device or a folder is refused before anything is read of it: reading could block or
/// never end. The bytes are read, not mapped, since a mapped file that another process shortens
/// ends this one.
package struct RegularFile: ~Copyable {
  private let descriptor: CInt
  /// In bytes, when it was opened.
  package let size: Int

  package init(path: String) throws(FileFailure) {
    // A C text ends at its first NUL, which would open another file.
    guard !path.utf8.contains(0) else { throw .nulInName }
    // Opening a pipe must not wait for its other end.
    let descriptor = FileSystem.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .cannotOpen(.last) }
    do throws(FileFailure) {
      size = try RegularFile.size(of: descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static func size(of descriptor: CInt) throws(FileFailure) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .cannotOpen(.last) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFDIR: throw .notRegular(.folder)
    case S_IFIFO: throw .notRegular(.pipe)
    case S_IFSOCK: throw .notRegular(.socket)
    default: throw .notRegular(.device)
    }
  }

  /// The next bytes, at most `count` of them; fewer only at the end.
  package func read(atMost count: Int) throws(FileFailure) -> [UInt8] {
    // An array that gets no memory would end the process.
    guard let memory = unsafe malloc(max(count, 1)) else { throw .cannotRead(.last) }
    unsafe free(memory)
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = unsafe buffer.baseAddress.map { unsafe $0 + filled }
        let length = unsafe Glibc.read(descriptor, rest, count - filled)
        if length == 0 { return }
        if length > 0 {
          filled += length
        } else if errno != EINTR {
          failure = .last
          return
        }
      }
    }
    if let failure { throw .cannotRead(failure) }
    return bytes
  }

  /// All bytes; refused, without reading them, where they are more than `limit`.
  package func readAll(upTo limit: Int) throws(FileFailure) -> [UInt8] {
    guard size <= limit else { throw .tooLarge(size: size, limit: limit) }
    // One byte more than there should be tells whether the file grew.
    let bytes = try read(atMost: size + 1)
    guard bytes.count == size else { throw .changedWhileRead }
    return bytes
  }
}
