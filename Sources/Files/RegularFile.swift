internal import Glibc

/// An open regular file. It is closed when its owner releases it.
///
/// A pipe, a device or a folder is refused before reading, since reading could block or never end.
/// The file is read and not mapped. If another process shortened a mapped file, this process would
/// crash.
package struct RegularFile: ~Copyable {
  private let descriptor: CInt
  /// The size in bytes at the time of opening.
  package let size: Int

  package init(path: String) throws(FileFailure) {
    // A C string ends at its first NUL, so the system would open another file.
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
    let kind = FileKind(status)
    guard kind == .file else { throw .notRegular(kind) }
    return Int(status.st_size)
  }

  /// Reads the next bytes, at most `count`. Returns fewer only at the end.
  package func read(atMost count: Int) throws(FileFailure) -> [UInt8] {
    try read(atMost: count, from: nil, after: [])
  }

  /// Reads the bytes from `offset` on, at most `count`. Returns fewer only at the end.
  ///
  /// - Parameter prefix: bytes that the result has before those of the file.
  package func read(
    atMost count: Int, from offset: Int, after prefix: ArraySlice<UInt8> = []
  ) throws(FileFailure) -> [UInt8] {
    try read(atMost: count, from: Optional(offset), after: prefix)
  }

  /// - Parameter offset: nil to read the next bytes.
  private func read(
    atMost count: Int, from offset: Int?, after prefix: ArraySlice<UInt8>
  ) throws(FileFailure) -> [UInt8] {
    // A failed allocation of an array would end the process, so the allocation is tested first.
    let size = prefix.count + count
    guard let memory = unsafe malloc(max(size, 1)) else { throw .cannotRead(.last) }
    unsafe free(memory)
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      for byte in prefix {
        unsafe buffer.initializeElement(at: filled, to: byte)
        filled += 1
      }
      while filled < size {
        let rest = unsafe buffer.baseAddress.map { unsafe $0 + filled }
        let length =
          if let offset {
            unsafe pread(descriptor, rest, size - filled, offset + filled - prefix.count)
          } else {
            unsafe Glibc.read(descriptor, rest, size - filled)
          }
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

  /// Reads all bytes. Refuses a file of more than `limit` bytes without reading it.
  package func readAll(upTo limit: Int) throws(FileFailure) -> [UInt8] {
    guard size <= limit else { throw .tooLarge(size: size, limit: limit) }
    // One additional byte shows whether the file has grown.
    let bytes = try read(atMost: size + 1)
    guard bytes.count == size else { throw .changedWhileRead }
    return bytes
  }
}
