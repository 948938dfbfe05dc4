package import Glibc

/// What the system says of a file.
package struct FileStatus: Sendable {
  package enum Kind: Sendable {
    case file, folder, link, pipe, socket, disk
    /// A terminal, `/dev/null` and other devices that take one byte after the other.
    case device
  }

  package let kind: Kind
  /// The file system, and the file's number in it: no two files have both equal.
  package let system: UInt64
  package let number: UInt64
  /// The names of the file.
  package let nameCount: Int
  /// The bytes that the file takes on the disk.
  package let diskBytes: Int
  /// Of a device: its kind and its number among those of the kind.
  package let device: (major: UInt64, minor: UInt64)

  /// What a descriptor leads to; nil if it is not open.
  package init?(of descriptor: CInt) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  package init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      case S_IFBLK: .disk
      default: .device
      }
    (system, number) = (UInt64(status.st_dev), UInt64(status.st_ino))
    nameCount = Int(clamping: status.st_nlink)
    diskBytes = Int(clamping: status.st_blocks) * 512
    device = (UInt64(status.st_rdev) >> 8 & 0xFFF, UInt64(status.st_rdev) & 0xFF)
  }
}
