/// The bytes of a region that blocks have taken, by the time at which they are alive.
///
/// A binary tree over the times. A life is cut into at most 2 · log n nodes, which cover it exactly. The bytes that are
/// taken at some time of a node are those of blocks cut into nodes below it (`within`), and those of blocks that
/// cover a node above it (`across`).
struct TimeTree {
  /// Leaves; a power of two. Node 1 is the root, and those below node n are 2n and 2n + 1.
  private let leafCount: Int
  /// Of node n at 2n (`within`): the bytes of the blocks whose lives were cut into this node or one below it.
  /// At 2n + 1 (`across`): those of the blocks whose lives were cut into this node itself.
  private var runs: [ByteRuns]
  /// The places in `runs` that a search looks at; kept, so that a search allocates nothing.
  private var searched: [Int] = []

  /// - Parameter end: all times are from 0 to one before it.
  init(end: Int) {
    var leafCount = 1
    while leafCount < end { leafCount *= 2 }
    self.leafCount = leafCount
    runs = Array(repeating: ByteRuns(), count: 4 * leafCount)
  }

  /// Marks the bytes as taken.
  mutating func insert(_ bytes: Range<Int>, during lives: [ClosedRange<Int>]) {
    for life in lives {
      forNodes(covering: life) { tree, node in
        tree.runs[2 * node].insert(bytes)
        tree.runs[2 * node + 1].insert(bytes)
      }
      forNodes(above: life) { tree, node in tree.runs[2 * node].insert(bytes) }
    }
  }

  /// The lowest offset from which `bytes` bytes are free during all of the lives; `Int.max` where none is that small.
  mutating func lowestOffset(bytes: Int, during lives: [ClosedRange<Int>]) -> Int {
    searched.removeAll(keepingCapacity: true)
    for life in lives {
      forNodes(covering: life) { tree, node in tree.search(2 * node) }
      forNodes(above: life) { tree, node in tree.search(2 * node + 1) }
    }
    var (offset, isFree) = (0, false)
    while !isFree {
      isFree = true
      for place in searched {
        guard let end = runs[place].end(ofRunMeeting: bytes, from: offset) else { continue }
        offset = end
        isFree = false
      }
    }
    return offset
  }

  private mutating func search(_ place: Int) {
    if !runs[place].isEmpty { searched.append(place) }
  }

  /// The fewest nodes that together cover exactly the life.
  private mutating func forNodes(
    covering life: ClosedRange<Int>, _ body: (inout TimeTree, Int) -> Void
  ) {
    var (left, right) = (life.lowerBound + leafCount, life.upperBound + leafCount + 1)
    while left < right {
      if left & 1 == 1 {
        body(&self, left)
        left += 1
      }
      if right & 1 == 1 {
        right -= 1
        body(&self, right)
      }
      left /= 2
      right /= 2
    }
  }

  /// The nodes above the first and the last time of the life: all that the life cuts, and some that it covers.
  private mutating func forNodes(
    above life: ClosedRange<Int>, _ body: (inout TimeTree, Int) -> Void
  ) {
    var (left, right) = (
      (life.lowerBound + leafCount) / 2, (life.upperBound + leafCount) / 2
    )
    while left > 0 {
      body(&self, left)
      if right != left { body(&self, right) }
      left /= 2
      right /= 2
    }
  }
}
