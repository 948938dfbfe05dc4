/// The keys of one mapping, for finding duplicates.
///
/// A text may contain hundreds of thousands of small mappings. Therefore a table of up to eight
/// keys compares them one by one. Larger tables use hashes. The table stores only hashes and
/// indices. It takes half the memory of a dictionary and is twice as fast. A dictionary compares
/// texts whenever two keys collide, and hashes all keys again when it grows.
package struct KeyTable {
  /// A hash table whose size is a power of two, at most half full. Empty while there are few keys.
  private var slots: [Slot] = []
  private var count = 0

  package init() {}

  private struct Slot {
    var hash: UInt32
    /// The index of the key plus 1. 0 marks a free slot.
    var place: UInt32
  }

  /// Adds `key` as the next key, unless an equal key exists.
  ///
  /// - Parameter keyAt: returns the key with the given index, in the order of insertion from 0.
  /// - Returns: the index of an equal key. Nil if there was none, and `key` was added.
  package mutating func insert(_ key: String, keyAt: (Int) -> String?) -> Int? {
    if count < 8 {
      if let place = (0..<count).first(where: { keyAt($0) == key }) { return place }
      count += 1
      return nil
    }
    if slots.isEmpty { fill(keyAt) }
    let hash = KeyTable.hash(key)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot].place != 0 {
      let place = Int(slots[slot].place) - 1
      if slots[slot].hash == hash, keyAt(place) == key { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    count += 1
    slots[slot] = Slot(hash: hash, place: UInt32(count))
    if 2 * count > slots.count { grow() }
    return nil
  }

  private mutating func fill(_ keyAt: (Int) -> String?) {
    slots = [Slot](repeating: Slot(hash: 0, place: 0), count: 32)
    for place in 0..<count {
      put(Slot(hash: KeyTable.hash(keyAt(place) ?? ""), place: UInt32(place + 1)))
    }
  }

  private mutating func grow() {
    let taken = slots
    slots = [Slot](repeating: Slot(hash: 0, place: 0), count: 2 * taken.count)
    for slot in taken where slot.place != 0 { put(slot) }
  }

  private mutating func put(_ entry: Slot) {
    var slot = Int(entry.hash) & (slots.count - 1)
    while slots[slot].place != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = entry
  }

  private static func hash(_ key: String) -> UInt32 { UInt32(truncatingIfNeeded: key.hashValue) }
}
