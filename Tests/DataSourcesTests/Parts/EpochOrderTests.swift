import DataSources
import Files
import Testing

@Suite struct EpochOrderTests {
  private func order(_ order: EpochOrder, epoch: Int) -> [Int32] {
    var places = [Int32](repeating: -1, count: order.count)
    var span = places.mutableSpan
    order.write(epoch: epoch, into: &span)
    return places
  }

  @Test func everyExampleComesOnceAnEpoch() {
    let shuffled = EpochOrder(count: 103, batchSize: 20, shuffles: true, seed: 5)
    let first = order(shuffled, epoch: 0)
    #expect(first.sorted() == Array(0..<103))
    #expect(first != Array(0..<103))
    #expect(order(shuffled, epoch: 1) != first)
    #expect(order(shuffled, epoch: 0) == first)
    let other = EpochOrder(count: 103, batchSize: 20, shuffles: true, seed: 6)
    #expect(order(other, epoch: 0) != first)
    // The batch size does not change the order.
    let whole = EpochOrder(count: 103, batchSize: 103, shuffles: true, seed: 5)
    #expect(order(whole, epoch: 0) == first)
  }

  @Test func orderIsKeptWithoutShuffling() {
    let kept = EpochOrder(count: 10, batchSize: 3, shuffles: false, seed: 5)
    #expect(order(kept, epoch: 0) == Array(0..<10))
    #expect(order(kept, epoch: 9) == Array(0..<10))
  }

  /// Every order of three examples occurs about equally often.
  @Test func ordersAreEquallyLikely() {
    let three = EpochOrder(count: 3, batchSize: 1, shuffles: true, seed: 1)
    var counts: [[Int32]: Int] = [:]
    for epoch in 0..<6000 { counts[order(three, epoch: epoch), default: 0] += 1 }
    #expect(counts.count == 6)
    // The limit is five standard deviations of a count with mean 1,000.
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 145 })
  }

  @Test(arguments: [
    (10, 3, [0..<3, 3..<6, 6..<9, 9..<10]), (9, 3, [0..<3, 3..<6, 6..<9]), (2, 3, [0..<2]),
    (3, 3, [0..<3]), (3, 1, [0..<1, 1..<2, 2..<3]), (0, 3, []), (5, Int.max, [0..<5]),
  ])
  func batchesCoverTheOrder(count: Int, batchSize: Int, batches: [Range<Int>]) {
    let order = EpochOrder(count: count, batchSize: batchSize, shuffles: false, seed: 1)
    #expect(order.batchCount == batches.count)
    #expect((0..<order.batchCount).map { order.batch($0) } == batches)
  }
}
