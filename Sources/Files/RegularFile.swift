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
    try read(atMost: count, from: nil)
  }

  /// Reads the bytes from `offset` on, at most `count`. Returns fewer only at the end.
  package func read(atMost count: Int, from offset: Int) throws(FileFailure) -> [UInt8] {
    try read(atMost: count, from: Optional(offset))
  }

  /// Writes `prefix` and the bytes from `offset` on, at most `count`, to the start of `memory`.
  ///
  /// - Parameter memory: an array that grows as needed.
  /// - Returns: the number of bytes with the prefix. Fewer than possible only at the end.
  package func read(
    atMost count: Int, from offset: Int, after prefix: [UInt8], into memory: inout [UInt8]
  ) throws(FileFailure) -> Int {
    let size = prefix.count + count
    if memory.count < size {
      memory = []
      try RegularFile.checkMemory(size)
      memory = [UInt8](repeating: 0, count: size)
    }
    for (index, byte) in prefix.enumerated() { memory[index] = byte }
    let read: Result<Int, FileFailure> = unsafe memory.withUnsafeMutableBytes {
      let free = unsafe UnsafeMutableRawBufferPointer(rebasing: $0[prefix.count..<size])
      return unsafe fill(free, from: offset)
    }
    return try prefix.count + read.get()
  }

  /// - Parameter offset: nil to read the next bytes.
  private func read(atMost count: Int, from offset: Int?) throws(FileFailure) -> [UInt8] {
    try RegularFile.checkMemory(count)
    var result = Result<Int, FileFailure>.success(0)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      result = unsafe fill(UnsafeMutableRawBufferPointer(buffer), from: offset)
      filled = (try? result.get()) ?? 0
    }
    _ = try result.get()
    return bytes
  }

  /// A failed allocation of an array would end the process, so the allocation is tested first.
  private static func checkMemory(_ size: Int) throws(FileFailure) {
    guard let memory = unsafe malloc(max(size, 1)) else { throw .cannotRead(.last) }
    unsafe free(memory)
  }

  /// Fills `buffer` with bytes of the file. Returns their number, which is smaller at the end.
  ///
  /// - Parameter offset: nil to read the next bytes.
  private func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from offset: Int?
  ) -> Result<Int, FileFailure> {
    var filled = 0
    while filled < buffer.count {
      let rest = unsafe buffer.baseAddress.map { unsafe $0 + filled }
      let length =
        if let offset {
          unsafe pread(descriptor, rest, buffer.count - filled, offset + filled)
        } else {
          unsafe Glibc.read(descriptor, rest, buffer.count - filled)
        }
      if length == 0 { break }
      if length > 0 {
        filled += length
      } else if errno != EINTR {
        return .failure(.cannotRead(.last))
      }
    }
    return .success(filled)
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
