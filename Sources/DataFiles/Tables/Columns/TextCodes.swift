/// Numbers the different texts of a column: a hash table with the bytes of each text.
///
/// The hash has a random seed, so that no file can make all texts collide. No result depends on the
/// hash: the texts are kept in the order of their first appearance.
struct TextCodes {
  /// A text and its code.
  private struct Entry {
    /// The first bytes, at most eight.
    let prefix: UInt64
    let start: Int
    let count: Int
    let hash: UInt64
    let code: Int
  }

  /// The index of an entry plus 1, or 0 for a free place. The count is a power of two.
  private var places = [Int32](repeating: 0, count: 64)
  private var entries: [Entry] = []
  private var bytes: [UInt8] = []

  private static let seed = UInt64.random(in: 0 ... .max)

  /// The number of texts.
  var count: Int { entries.count }

  /// Returns the code of entry `index`.
  func code(ofEntry index: Int) -> Int { entries[index].code }

  /// Returns the text of entry `index`.
  func range(ofEntry index: Int) -> Range<Int> {
    let entry = entries[index]
    return entry.start..<entry.start + entry.count
  }

  /// The memory that the ranges of entries refer to.
  var storage: [UInt8] { bytes }

  /// The parts of a text that a lookup compares first.
  struct Key {
    fileprivate let prefix: UInt64
    fileprivate let hash: UInt64
  }

  /// Returns the key of the text in `range`.
  @inline(__always)
  static func key(_ text: Span<UInt8>, _ range: Range<Int>) -> Key {
    let count = range.count
    let prefix = word(text, range.lowerBound, min(count, 8))
    var hash = mix(prefix ^ seed, UInt64(truncatingIfNeeded: count) &+ 0x9E37_79B9_7F4A_7C15)
    var place = range.lowerBound + 8
    while place < range.upperBound {
      let count = min(range.upperBound - place, 8)
      hash = mix(hash ^ word(text, place, count), 0xD6E8_FEB8_6659_FD93)
      place += 8
    }
    return Key(prefix: prefix, hash: hash)
  }

  /// Returns the code of the text in `range`. Nil when it is new.
  @inline(__always)
  func code(_ text: Span<UInt8>, _ range: Range<Int>, _ key: Key) -> Int? {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: key.hash) & mask
    while case let entry = places[place], entry != 0 {
      let index = Int(entry) - 1
      if entries[index].hash == key.hash, entries[index].count == range.count,
        entries[index].prefix == key.prefix, range.count <= 8 || equals(index, text, range)
      {
        return entries[index].code
      }
      place = (place + 1) & mask
    }
    return nil
  }

  private func equals(_ index: Int, _ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let start = entries[index].start
    for offset in 8..<range.count
    where bytes[start + offset] != text[range.lowerBound + offset] { return false }
    return true
  }

  /// Adds a new text.
  mutating func add(_ text: Span<UInt8>, _ range: Range<Int>, _ key: Key, code: Int) {
    let start = bytes.count
    for index in range { bytes.append(text[index]) }
    entries.append(
      Entry(prefix: key.prefix, start: start, count: range.count, hash: key.hash, code: code))
    if entries.count * 2 > places.count {
      places = [Int32](repeating: 0, count: places.count * 2)
      for index in entries.indices { place(index) }
    } else {
      place(entries.count - 1)
    }
  }

  private mutating func place(_ index: Int) {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: entries[index].hash) & mask
    while places[place] != 0 { place = (place + 1) & mask }
    places[place] = Int32(truncatingIfNeeded: index + 1)
  }

  /// Returns `count` bytes as a number. The first byte is the lowest.
  @inline(__always)
  private static func word(_ text: Span<UInt8>, _ place: Int, _ count: Int) -> UInt64 {
    if place + 8 <= text.count {
      let word = text.word(at: place)
      let bits = UInt64(truncatingIfNeeded: 8 * count)
      return count == 8
        ? word : word & (1 << bits &- 1)
    }
    var word: UInt64 = 0
    for offset in 0..<count {
      word |= UInt64(text[place + offset]) << UInt64(truncatingIfNeeded: 8 * offset)
    }
    return word
  }

  @inline(__always)
  private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
