package import Glibc

/// The status of a file, as the system reports it.
package struct FileStatus: Sendable {
  package let kind: FileKind
  /// The file system, and the number of the file in it. Together they identify a file.
  package let system: UInt64
  package let number: UInt64
  /// The number of names (hard links) of the file.
  package let nameCount: Int
  /// The bytes that the file occupies on the disk.
  package let diskBytes: Int
  /// The kind of a device and its number within that kind. Only meaningful for devices.
  package let device: (major: UInt64, minor: UInt64)

  /// The status of an open file. Nil if the descriptor is not open.
  package init?(of descriptor: CInt) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  package init(_ status: stat) {
    kind = FileKind(status)
    (system, number) = (UInt64(status.st_dev), UInt64(status.st_ino))
    nameCount = Int(clamping: status.st_nlink)
    diskBytes = Int(clamping: status.st_blocks) * 512
    device = (UInt64(status.st_rdev) >> 8 & 0xFFF, UInt64(status.st_rdev) & 0xFF)
  }
}
