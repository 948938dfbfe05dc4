/// The format of an array file, which its first bytes show, also within a gzip stream.
package enum ArrayFormat: Sendable {
  case npy
  /// An archive of NumPy arrays.
  case npz
  case idx

  /// Recognizes the format of a file. Nil for other files.
  package init?(ofFile path: String) throws(DataFailure) {
    self.init(try ByteStream(path: path).read(atMost: 6))
  }

  /// Recognizes the format by the first six bytes. Nil for other files.
  init?(_ bytes: [UInt8]) {
    let isIDX =
      bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && (8...14).contains(bytes[2])
      && bytes[3] > 0
    if bytes == [0x93] + Array("NUMPY".utf8) {
      self = .npy
    } else if ZipDirectory.isArchive(bytes) {
      self = .npz
    } else if isIDX {
      self = .idx
    } else {
      return nil
    }
  }
}
