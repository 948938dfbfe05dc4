/// Assigns offsets in a memory region to blocks. Blocks that are alive at the same time do not
/// overlap.
///
/// The allocator places one block after another, each at the lowest offset where it fits. It tries
/// several orders, and keeps the result that takes the fewest bytes.
///
/// ``TimeTree`` stores the bytes that are taken at each time. It finds an offset so fast that a
/// plan of n consecutive layers takes time proportional to n · log n.
///
/// Reference: Y. Pisarchyk, J. Lee, "Efficient memory management for deep neural net inference",
/// 2020 (the greedy algorithm by size).
package struct Allocator {
  package struct Block: Sendable {
    /// The size in bytes, a multiple of 64 (a cache line).
    package let bytes: Int
    /// The times at which the block is needed. A block that is released in between has several
    /// ranges.
    package let lives: [ClosedRange<Int>]
    /// The offset in bytes from the start of the region. 0 until all offsets are known.
    package fileprivate(set) var offset = 0
  }

  private var blocks: [Block] = []

  package init() {}

  /// Rounds a size up to whole cache lines of 64 bytes, so that no two tensors share a cache line.
  package static func aligned(_ bytes: Int) -> Int { sum(bytes, 63) / 64 * 64 }

  /// The sum, or `Int.max` on overflow. An arena of that size is refused, so its offsets do not
  /// matter.
  private static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflows) = a.addingReportingOverflow(b)
    return overflows ? Int.max : sum
  }

  /// Adds a block and returns its index.
  package mutating func add(bytes: Int, _ lives: [ClosedRange<Int>]) -> Int {
    blocks.append(Block(bytes: Allocator.aligned(max(bytes, 1)), lives: lives))
    return blocks.count - 1
  }

  /// Assigns all offsets and returns the size of the region in bytes.
  package mutating func place() -> Int {
    // The orders are by size, by size times lifetime, and by the last time of use, largest first.
    let orders: [(Block) -> Double] = [
      { Double($0.bytes) }, { Double($0.bytes) * Double($0.lives.map(\.count).reduce(0, +)) },
      { Double($0.lives.last?.upperBound ?? 0) },
    ]
    let least = leastBytes
    var best: (offsets: [Int], end: Int)?
    // The bytes that are alive at one time are a lower bound. An order that reaches it ends the
    // search.
    for order in orders where best.map({ $0.end > least }) ?? true {
      let next = offsets(by: order)
      if next.end < best?.end ?? .max { best = next }
    }
    // If every order overflows, all offsets stay 0, and the arena is refused.
    guard let best else { return blocks.isEmpty ? 0 : Int.max }
    for index in blocks.indices { blocks[index].offset = best.offsets[index] }
    return best.end
  }

  /// The number of times. All lives are in 0 ..< `end`.
  private var end: Int {
    1 + (blocks.lazy.compactMap { $0.lives.lazy.map(\.upperBound).max() }.max() ?? 0)
  }

  /// The largest number of bytes that are alive at one time. 0 if the sum overflows.
  private var leastBytes: Int {
    var changes = [Int](repeating: 0, count: end + 1)
    var total = 0
    for block in blocks {
      total = Allocator.sum(total, block.bytes)
      guard total < Int.max else { return 0 }
      // The lives of one block may overlap. Its bytes then count once.
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

  /// The offsets if blocks are placed in descending order of `rank`.
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
