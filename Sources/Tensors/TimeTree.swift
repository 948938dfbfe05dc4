/// The bytes of a memory region that blocks take at each time.
///
/// This is a segment tree: a binary tree in which each node covers a range of times. A block's life
/// is divided into at most 2 · log n nodes that cover it exactly. The bytes that are taken at some
/// time of a node come from two kinds of lives. Some are divided into the node or nodes below it
/// (`within`), and others contain a node above it (`across`).
struct TimeTree {
  /// The number of leaves, a power of two. Node 1 is the root. The children of node n are 2n and 2n
  /// + 1.
  private let leafCount: Int
  /// Two sets of bytes for each node n. The set `within`, at 2n, has the bytes of lives that were
  /// divided into this node or nodes below it. The set `across`, at 2n + 1, has the bytes of lives
  /// that were divided into this node itself.
  private var runs: [ByteRuns]
  /// The indices in `runs` that a search reads. The array is kept, so that a search does not
  /// allocate memory.
  private var searched: [Int] = []

  /// - Parameter end: the number of times. All times are in 0 ..< `end`.
  init(end: Int) {
    var leafCount = 1
    while leafCount < end { leafCount *= 2 }
    self.leafCount = leafCount
    runs = Array(repeating: ByteRuns(), count: 4 * leafCount)
  }

  /// Marks the bytes as taken during the lives.
  mutating func insert(_ bytes: Range<Int>, during lives: [ClosedRange<Int>]) {
    for life in lives {
      forNodes(covering: life) { tree, node in
        tree.runs[2 * node].insert(bytes)
        tree.runs[2 * node + 1].insert(bytes)
      }
      forNodes(above: life) { tree, node in tree.runs[2 * node].insert(bytes) }
    }
  }

  /// The lowest offset from which `bytes` bytes are free during all lives. `Int.max` if there is no
  /// such offset.
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

  /// Calls `body` with the smallest set of nodes that covers exactly the life.
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

  /// Calls `body` with the nodes above the first and the last time of the life. They include all
  /// nodes that the life covers only in part, and some that it covers completely.
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
