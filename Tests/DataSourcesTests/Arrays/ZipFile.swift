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
  /// Whether the numbers of the directory have 8 bytes (zip64).
  var isLarge = false

  init(_ entries: [Entry]) { self.entries = entries }

  /// The whole archive.
  var bytes: [UInt8] {
    var (files, directory): ([UInt8], [UInt8]) = ([], [])
    for entry in entries {
      let offset = entry.offset ?? UInt32(files.count)
      let name = entry.localName ?? entry.name
      files += [0x50, 0x4B, 3, 4, 20, 0] + entry.fields(name) + name.utf8 + entry.stored
      directory += isLarge ? largeItem(entry, offset) : item(entry, offset)
    }
    let sizes = (UInt32(directory.count), UInt32(files.count))
    let count = count ?? UInt16(entries.count)
    return files + directory + (isLarge ? largeEnd(count, sizes) : end(count, sizes))
  }

  /// An item of the directory.
  private func item(_ entry: Entry, _ offset: UInt32) -> [UInt8] {
    [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + entry.fields(entry.name)
      + [UInt8](repeating: 0, count: 10) + DataSourcesTests.bytes(offset) + entry.name.utf8
  }

  /// An item whose numbers are in the extra field, behind another one.
  private func largeItem(_ entry: Entry, _ offset: UInt32) -> [UInt8] {
    var item = item(entry, 0xFFFF_FFFF)
    for place in 20..<28 { item[place] = 0xFF }
    item[30] = 34
    let numbers = [entry.content.count, entry.stored.count, Int(offset)]
    return item + [0x55, 0x54, 2, 0, 9, 9, 1, 0, 24, 0]
      + numbers.flatMap { DataSourcesTests.bytes(UInt64($0)) }
  }

  private func end(_ count: UInt16, _ sizes: (UInt32, UInt32)) -> [UInt8] {
    [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + DataSourcesTests.bytes(count) + DataSourcesTests.bytes(count)
      + DataSourcesTests.bytes(sizes.0) + DataSourcesTests.bytes(sizes.1) + [0, 0]
  }

  private func largeEnd(_ count: UInt16, _ sizes: (UInt32, UInt32)) -> [UInt8] {
    let numbers = [UInt64(count), UInt64(count), UInt64(sizes.0), UInt64(sizes.1)]
    return [0x50, 0x4B, 6, 6] + DataSourcesTests.bytes(UInt64(44))
      + [UInt8](repeating: 0, count: 12) + numbers.flatMap { DataSourcesTests.bytes($0) }
      + [0x50, 0x4B, 6, 7, 0, 0, 0, 0]
      + DataSourcesTests.bytes(UInt64(sizes.0) + UInt64(sizes.1)) + [1, 0, 0, 0]
      + end(0xFFFF, (0xFFFF_FFFF, 0xFFFF_FFFF))
  }
}
