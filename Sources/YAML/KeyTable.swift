/// The keys of one mapping, to find an equal one among those before.
///
/// A few keys are compared one by one, since a text may hold hundreds of thousands of small
/// mappings; more are found by their hashes. The table holds hashes and places only: half the size
/// and twice the speed of a dictionary, which compares texts wherever two keys want one slot, and
/// which hashes all of them anew when it grows.
package struct KeyTable {
  /// A power of two, at most half of them taken; empty while the keys are few.
  private var slots: [Slot] = []
  private var count = 0

  package init() {}

  private struct Slot {
    var hash: UInt32
    /// Counted from 1; 0 where the slot is free.
    var place: UInt32
  }

  /// Adds `key` as the next one.
  ///
  /// - Parameter keyAt: the key that was added as number 0, 1 …
  /// - Returns: the number of an equal key, which stays the only one; nil if there was none.
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
