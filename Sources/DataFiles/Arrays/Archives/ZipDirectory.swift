internal import YAML

/// The files of a ZIP archive, such as NumPy's `.npz`.
///
/// Files may be stored or compressed by deflate, also with large numbers (zip64). An archive is refused
/// when files overlap or have one name, when a local header differs from the directory, and when a file is
/// encrypted, compressed in another way, or announces more bytes than deflate can produce.
///
/// Reference: PKWARE, ".ZIP File Format Specification", version 6.3.10, 2022.
struct ZipDirectory {
  let entries: [ZipEntry]

  /// The greatest size of the directory in bytes, and the greatest number of files.
  private static let sizeLimit = 1 << 24
  private static let countLimit = 10_000
  private static let entrySignature: [UInt8] = [0x50, 0x4B, 1, 2]
  private static let headerSignature: [UInt8] = [0x50, 0x4B, 3, 4]
  /// A number of 4 bytes that stands for one of 8 bytes in the extra field.
  private static let large = 0xFFFF_FFFF

  /// Whether a file begins like an archive.
  static func isArchive(_ start: [UInt8]) -> Bool {
    start.starts(with: headerSignature) || start.starts(with: [0x50, 0x4B, 5, 6])
  }

  /// Reads the directory of an open file.
  init(of file: borrowing DataFile, path: String) throws(DataFailure) {
    func read(_ count: Int, at offset: Int) throws(DataFailure) -> ZipBytes {
      ZipBytes(bytes: try file.read(atMost: count, from: offset), start: offset)
    }
    func failure(_ mistake: HeaderMistake) -> DataFailure {
      .content("\(path.quotable): byte \(mistake.byte): \(mistake.message)")
    }
    let tail = try read(ZipEnd.tailSize, at: max(0, file.size - ZipEnd.tailSize))
    let end: ZipEnd
    do throws(HeaderMistake) {
      end = try ZipEnd(tail)
    } catch {
      throw failure(error)
    }
    guard end.size <= ZipDirectory.sizeLimit, end.count <= ZipDirectory.countLimit else {
      throw .content(
        "\(path.quotable): expected an archive of at most \(ZipDirectory.countLimit) files, received "
          + "\(end.count) in \(end.size) bytes")
    }
    let directory = try read(end.size, at: end.offset)
    var entries: [ZipEntry]
    do throws(HeaderMistake) {
      entries = try ZipDirectory.entries(directory, count: end.count)
    } catch {
      throw failure(error)
    }
    for index in entries.indices {
      let (offset, nameLength) = (entries[index].header, entries[index].name.utf8.count)
      guard offset < end.offset else {
        throw .content(
          "\(path.quotable): expected '\(entries[index].name.quotable)' before the directory at byte "
            + "\(end.offset), received byte \(offset)")
      }
      let header = try read(30 + nameLength, at: offset)
      do throws(HeaderMistake) {
        entries[index].start = try ZipDirectory.start(of: entries[index], header, end.offset)
      } catch {
        throw failure(error)
      }
    }
    let order = entries.sorted { $0.header < $1.header }
    for (entry, next) in zip(order, order.dropFirst()) where entry.end > next.header {
      throw .content(
        "\(path.quotable): byte \(next.header): expected '\(next.name.quotable)' behind "
          + "'\(entry.name.quotable)', received files that overlap")
    }
    self.entries = entries
  }

  /// Reads the entries of a directory.
  private static func entries(
    _ bytes: ZipBytes, count: Int
  ) throws(HeaderMistake) -> [ZipEntry] {
    var entries: [ZipEntry] = []
    var names: Set<String> = []
    var place = 0
    while entries.count < count {
      guard try bytes.take(4, at: place, "an entry").elementsEqual(entrySignature) else {
        throw bytes.mistake(place, "expected an entry of the directory, received other bytes")
      }
      func number(_ offset: Int, _ count: Int) throws(HeaderMistake) -> Int {
        try bytes.number(count, at: place + offset, "a number")
      }
      let lengths = try (name: number(28, 2), extra: number(30, 2), comment: number(32, 2))
      let text = try bytes.take(lengths.name, at: place + 46, "a name")
      guard let name = String(validating: text, as: UTF8.self), !name.isEmpty else {
        throw bytes.mistake(place + 46, "expected a name in UTF-8, received other bytes")
      }
      guard names.insert(name).inserted else {
        throw bytes.mistake(
          place + 46, "expected each name once, received '\(name.quotable)' twice")
      }
      let (flags, method) = try (number(8, 2), number(10, 2))
      guard flags & 0x2041 == 0 else {
        throw bytes.mistake(
          place + 8, "expected files that are not encrypted, received '\(name.quotable)'")
      }
      guard method == 0 || method == 8 else {
        throw bytes.mistake(
          place + 10,
          "expected '\(name.quotable)' stored (0) or deflated (8), received the method \(method)")
      }
      let extra = try bytes.take(lengths.extra, at: place + 46 + lengths.name, "an extra field")
      let numbers = try large(
        [number(24, 4), number(20, 4), number(42, 4)],
        ZipBytes(bytes: Array(extra), start: bytes.start + place + 46 + lengths.name))
      entries.append(
        ZipEntry(
          name: name, isDeflated: method == 8,
          checksum: UInt32(truncatingIfNeeded: try number(16, 4)),
          storedSize: numbers[1], size: numbers[0], header: numbers[2]))
      place += 46 + lengths.name + lengths.extra + lengths.comment
    }
    guard place == bytes.bytes.count else {
      throw bytes.mistake(place, "expected the end of the directory, received more bytes")
    }
    return entries
  }

  /// Returns numbers with those of 8 bytes from the zip64 extra field, in the order of the field.
  private static func large(
    _ numbers: [Int], _ extra: ZipBytes
  ) throws(HeaderMistake) -> [Int] {
    guard numbers.contains(large) else { return numbers }
    var place = 0
    while place < extra.bytes.count {
      let kind = try extra.number(2, at: place, "the kind of an extra field")
      let size = try extra.number(2, at: place + 2, "the size of an extra field")
      place += 4
      guard kind == 1 else {
        place += size
        continue
      }
      var found = numbers
      for (index, number) in numbers.enumerated() where number == large {
        found[index] = try extra.number(8, at: place, "a number of 8 bytes")
        place += 8
      }
      return found
    }
    throw extra.mistake(0, "expected an extra field with numbers of 8 bytes (zip64)")
  }

  /// Returns the offset of a file's bytes.
  ///
  /// - Parameters:
  ///   - header: the local header with the name.
  ///   - limit: the offset of the directory, where the last file ends.
  private static func start(
    of entry: ZipEntry, _ header: ZipBytes, _ limit: Int
  ) throws(HeaderMistake) -> Int {
    let name = Array(entry.name.utf8)
    guard try header.take(4, at: 0, "a local header").elementsEqual(headerSignature),
      try header.number(2, at: 8, "a method") == (entry.isDeflated ? 8 : 0),
      try header.number(2, at: 26, "a length") == name.count,
      try header.take(name.count, at: 30, "a name").elementsEqual(name)
    else {
      throw header.mistake(
        0, "expected the local header of '\(entry.name.quotable)' as in the directory")
    }
    let start = try entry.header + 30 + name.count + header.number(2, at: 28, "a length")
    guard start <= limit, entry.storedSize <= limit - start else {
      throw header.mistake(
        0,
        "expected '\(entry.name.quotable)' before the directory at byte \(limit), received "
          + "\(entry.storedSize) bytes from byte \(start) on")
    }
    let (most, overflows) = entry.storedSize.multipliedReportingOverflow(
      by: Inflater.greatestRatio)
    guard entry.isDeflated ? overflows || entry.size <= most : entry.size == entry.storedSize else {
      throw header.mistake(
        0,
        "expected '\(entry.name.quotable)' of at most \(entry.isDeflated ? most : entry.storedSize) "
          + "bytes, since the archive has \(entry.storedSize) for it, received \(entry.size)")
    }
    return start
  }
}

extension ZipDirectory {
  private static let ending = ".npy"

  /// The names of the NumPy arrays, without their ending.
  var arrays: [String] {
    entries.map(\.name).filter { $0.hasSuffix(ZipDirectory.ending) }
      .map { String($0.dropLast(ZipDirectory.ending.count)) }
  }

  /// Returns the file of an array. Nil without such an array.
  func entry(ofArray name: String) -> ZipEntry? {
    entries.first { $0.name == name + ZipDirectory.ending }
  }
}
