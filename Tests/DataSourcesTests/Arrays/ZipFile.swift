import Foundation

/// Makes ZIP archives, also wrong ones.
struct ZipFile {
  /// A file of an archive.
  struct Entry {
    var name: String
    var content: [UInt8]
    /// Whether the content is deflated, in one stored block.
    var isDeflated = false
    /// The numbers that a wrong archive states instead of the right ones.
    var method: UInt16?
    var flags: UInt16 = 0
    var sum: UInt32?
    var size: UInt32?
    var localName: String?
    /// The offset of the local header.
    var offset: UInt32?

    init(_ name: String, _ content: [UInt8], isDeflated: Bool = false) {
      (self.name, self.content, self.isDeflated) = (name, content, isDeflated)
    }

    /// The bytes in the archive.
    var stored: [UInt8] {
      guard isDeflated else { return content }
      let length = UInt16(content.count)
      return [1] + DataSourcesTests.bytes(length) + DataSourcesTests.bytes(~length) + content
    }

    /// The fields that both headers have, from the flags on.
    fileprivate func fields(_ name: String) -> [UInt8] {
      let method = method ?? (isDeflated ? 8 : 0)
      return DataSourcesTests.bytes(flags) + DataSourcesTests.bytes(method) + [0, 0, 0, 0]
        + DataSourcesTests.bytes(sum ?? checksum(content))
        + DataSourcesTests.bytes(UInt32(stored.count))
        + DataSourcesTests.bytes(size ?? UInt32(content.count))
        + DataSourcesTests.bytes(UInt16(name.utf8.count)) + [0, 0]
    }
  }

  var entries: [Entry]
  /// The number of entries that the archive states.
  var count: UInt16?

  init(_ entries: [Entry]) { self.entries = entries }

  /// The whole archive.
  var bytes: [UInt8] {
    var (files, directory): ([UInt8], [UInt8]) = ([], [])
    for entry in entries {
      let offset = entry.offset ?? UInt32(files.count)
      let name = entry.localName ?? entry.name
      files += [0x50, 0x4B, 3, 4, 20, 0] + entry.fields(name) + name.utf8 + entry.stored
      directory += [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + entry.fields(entry.name)
      directory += [UInt8](repeating: 0, count: 10) + DataSourcesTests.bytes(offset)
      directory += entry.name.utf8
    }
    let count = DataSourcesTests.bytes(count ?? UInt16(entries.count))
    return files + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
      + DataSourcesTests.bytes(UInt32(directory.count))
      + DataSourcesTests.bytes(UInt32(files.count)) + [0, 0]
  }
}
