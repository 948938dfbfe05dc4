import Oracles
import Tensors
import Testing

@Suite("Allocator") struct AllocatorTests {
  private struct Block {
    let bytes: Int
    let lives: [ClosedRange<Int>]

    func isAlive(with other: Block) -> Bool {
      lives.contains { life in other.lives.contains { $0.overlaps(life) } }
    }
  }

  /// The expected offsets. Places each block at the lowest offset that the blocks alive with it
  /// leave free. Compares every block with every other block, and keeps the best of the three
  /// orders.
  private static func expected(_ blocks: [Block]) -> (offsets: [Int], end: Int) {
    let orders: [(Block) -> Double] = [
      { Double($0.bytes) }, { Double($0.bytes) * Double($0.lives.map(\.count).reduce(0, +)) },
      { Double($0.lives.last?.upperBound ?? 0) },
    ]
    var best = (offsets: [Int](), end: Int.max)
    for rank in orders {
      let order = blocks.indices.sorted {
        (rank(blocks[$1]), blocks[$1].bytes, $0) < (rank(blocks[$0]), blocks[$0].bytes, $1)
      }
      var (offsets, placed, end) = ([Int](repeating: 0, count: blocks.count), [Int](), 0)
      for index in order {
        let neighbours = placed.filter { blocks[$0].isAlive(with: blocks[index]) }
          .sorted { offsets[$0] < offsets[$1] }
        var offset = 0
        for neighbour in neighbours where offset + blocks[index].bytes > offsets[neighbour] {
          offset = max(offset, offsets[neighbour] + blocks[neighbour].bytes)
        }
        offsets[index] = offset
        placed.append(index)
        end = max(end, offset + blocks[index].bytes)
      }
      if end < best.end { best = (offsets, end) }
    }
    return best
  }

  private static func place(_ blocks: [Block]) -> (offsets: [Int], end: Int) {
    var allocator = Allocator()
    let numbers = blocks.map { allocator.add(bytes: $0.bytes, $0.lives) }
    let end = allocator.place()
    return (numbers.map { allocator[$0].offset }, end)
  }

  /// Random blocks. They have few sizes, so that blocks fit exactly into gaps. The lives of one
  /// block may overlap.
  private static func random(seed: Int) -> [Block] {
    var numbers = SeededNumbers(seed: seed)
    let end = Int.random(in: 1...60, using: &numbers)
    let sizes = Int.random(in: 1...12, using: &numbers)
    return (0..<Int.random(in: 1...80, using: &numbers)).map { _ in
      let lives = (0..<Int.random(in: 1...2, using: &numbers)).map { _ in
        let start = Int.random(in: 0..<end, using: &numbers)
        return start...Int.random(in: start..<end, using: &numbers)
      }
      return Block(
        bytes: 64 * Int.random(in: 1...sizes, using: &numbers),
        lives: lives.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) })
    }
  }

  @Test("gives the offsets of a search that compares every block with every other", .tags(.slow))
  func offsets() {
    for seed in 0..<400 {
      let blocks = AllocatorTests.random(seed: seed)
      let (placed, expected) = (AllocatorTests.place(blocks), AllocatorTests.expected(blocks))
      #expect(placed.end == expected.end, "seed \(seed)")
      #expect(placed.offsets == expected.offsets, "seed \(seed)")
    }
  }

  /// Training keeps the result of each layer until the backward pass reads it. Four times as many
  /// blocks must take less than ten times as long.
  @Test("takes time nearly proportional to the number of blocks", arguments: [true, false])
  func growth(isKept: Bool) {
    func blocks(_ count: Int) -> [Block] {
      (0..<count).map { index in
        let life = isKept ? index...2 * count - index : index...index + 1
        return Block(bytes: 64 * (1 + index % 7), lives: [life])
      }
    }
    func seconds(_ count: Int) -> Double {
      let blocks = blocks(count)
      let start = threadSeconds()
      _ = AllocatorTests.place(blocks)
      return threadSeconds() - start
    }
    let short = min(seconds(4000), seconds(4000))
    #expect(seconds(16_000) < 10 * short)
  }
}
