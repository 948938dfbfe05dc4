/// Gives blocks offsets such that blocks alive together do not overlap: one after the other, each at the lowest offset
/// where it fits. Several orders are tried, and the one that takes the least bytes is kept.
///
/// The search for an offset asks ``TimeTree`` which bytes are taken during the block's lives, so that the time grows
/// as n · log n in plans of layers that follow each other.
///
/// Reference: Y. Pisarchyk, J. Lee, "Efficient memory management for deep neural net inference", 2020 (greedy by size).
package struct Allocator {
  package struct Block: Sendable {
    /// Whole cache lines.
    package let bytes: Int
    /// The times at which the block is needed: several where it is given up between them.
    package let lives: [ClosedRange<Int>]
    /// In bytes from the start of the region; 0 until all offsets are decided.
    package fileprivate(set) var offset = 0
  }

  private var blocks: [Block] = []

  package init() {}

  /// Cache lines, so that no two tensors share one.
  package static func aligned(_ bytes: Int) -> Int { sum(bytes, 63) / 64 * 64 }

  /// Saturates: an arena that is too large to count is refused, whatever its offsets are.
  private static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflows) = a.addingReportingOverflow(b)
    return overflows ? Int.max : sum
  }

  /// Adds a block, and returns its number.
  package mutating func add(bytes: Int, _ lives: [ClosedRange<Int>]) -> Int {
    blocks.append(Block(bytes: Allocator.aligned(max(bytes, 1)), lives: lives))
    return blocks.count - 1
  }

  /// Decides all offsets; returns the bytes that the region takes.
  package mutating func place() -> Int {
    // The largest first; those that take the most of bytes and time; those that are needed the longest.
    let orders: [(Block) -> Double] = [
      { Double($0.bytes) }, { Double($0.bytes) * Double($0.lives.map(\.count).reduce(0, +)) },
      { Double($0.lives.last?.upperBound ?? 0) },
    ]
    let least = leastBytes
    var best: (offsets: [Int], end: Int)?
    // No order takes less than what is alive at one time.
    for order in orders where best.map({ $0.end > least }) ?? true {
      let next = offsets(by: order)
      if next.end < best?.end ?? .max { best = next }
    }
    // Where every order overflows, all offsets stay 0: the arena is refused.
    guard let best else { return blocks.isEmpty ? 0 : Int.max }
    for index in blocks.indices { blocks[index].offset = best.offsets[index] }
    return best.end
  }

  /// The times at which anything is alive: 0 to one before it.
  private var end: Int {
    1 + (blocks.lazy.compactMap { $0.lives.lazy.map(\.upperBound).max() }.max() ?? 0)
  }

  /// The greatest sum of the bytes that are alive at one time; 0 where a sum overflows.
  private var leastBytes: Int {
    var changes = [Int](repeating: 0, count: end + 1)
    var total = 0
    for block in blocks {
      total = Allocator.sum(total, block.bytes)
      guard total < Int.max else { return 0 }
      // Lives of one block may overlap, and its bytes count once.
      var next = 0
      for life in block.lives where life.upperBound >= next {
        changes[max(life.lowerBound, next)] += block.bytes
        next = life.upperBound + 1
        changes[next] -= block.bytes
      }
    }
    var (alive, most) = (0, 0)
    for change in changes {
      alive += change
      most = max(most, alive)
    }
    return most
  }

  /// The offsets where blocks are placed in the order of `rank`, the greatest first.
  private func offsets(by rank: (Block) -> Double) -> (offsets: [Int], end: Int) {
    let ranks = blocks.map(rank)
    let order = blocks.indices.sorted {
      (ranks[$1], blocks[$1].bytes, $0) < (ranks[$0], blocks[$0].bytes, $1)
    }
    var offsets = [Int](repeating: 0, count: blocks.count)
    var taken = TimeTree(end: self.end)
    var end = 0
    for index in order {
      let block = blocks[index]
      let offset = taken.lowestOffset(bytes: block.bytes, during: block.lives)
      let bytes = offset..<Allocator.sum(offset, block.bytes)
      taken.insert(bytes, during: block.lives)
      offsets[index] = offset
      end = max(end, bytes.upperBound)
    }
    return (offsets, end)
  }

  package subscript(number: Int) -> Block { blocks[number] }
}
