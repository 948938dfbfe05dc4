import Kernels
import Oracles
import Testing

@Suite("Copy regions") struct CopyRegionTests {
  /// Returns every place of a region, in the documented order.
  private static func places(_ region: CopyRegion) -> [(source: Int, target: Int)] {
    region.axes.reduce([(source: region.source, target: region.target)]) { places, axis in
      places.flatMap { place in
        (0..<axis.extent).map {
          (source: place.source + $0 * axis.source, target: place.target + $0 * axis.target)
        }
      }
    }
  }

  /// Returns a region of up to five axes. With `repeats`, it may name elements of the target twice.
  private static func random(repeats: Bool, _ numbers: inout SeededNumbers) -> CopyRegion {
    let rank = Int.random(in: 0...5, using: &numbers)
    var axes = (0..<rank).map { _ in
      CopyRegion.Axis(Int.random(in: 1...5, using: &numbers), source: 0, target: 0)
    }
    if rank > 0, Bool.random(using: &numbers) {
      axes[rank - 1].extent = Int.random(in: 1...70, using: &numbers)
    }
    // The strides are row-major, sometimes with gaps, and sometimes in another order of axes.
    let order =
      Bool.random(using: &numbers) ? Array(axes.indices) : axes.indices.shuffled(using: &numbers)
    for side in [\CopyRegion.Axis.source, \CopyRegion.Axis.target] {
      var stride = Int.random(in: 0..<4, using: &numbers) == 0 ? 2 : 1
      for index in order.reversed() {
        axes[index][keyPath: side] = stride
        stride *= axes[index].extent
        if Int.random(in: 0..<3, using: &numbers) == 0 { stride += 1 }
      }
    }
    for index in axes.indices {
      if Int.random(in: 0..<4, using: &numbers) == 0 { axes[index].source = 0 }
      if Int.random(in: 0..<4, using: &numbers) == 0 { axes[index].source.negate() }
      if repeats, Int.random(in: 0..<3, using: &numbers) == 0 { axes[index].target = 0 }
    }
    let low = axes.reduce(0) { $0 + min(0, $1.source * ($1.extent - 1)) }
    return CopyRegion(
      axes, source: Int.random(in: 0...3, using: &numbers) - low,
      target: Int.random(in: 0...3, using: &numbers))
  }

  @Test("copy and add like a loop over their places, for random shapes", arguments: [false, true])
  func randomBoxes(adds: Bool) {
    var numbers = SeededNumbers(seed: adds ? 401 : 402)
    for _ in 0..<400 {
      let region = CopyRegionTests.random(repeats: adds, &numbers)
      let places = CopyRegionTests.places(region)
      // Sums of integers do not depend on the order.
      let x = (0...(places.map(\.source).max() ?? 0)).map { _ in
        Float(Int.random(in: -99...99, using: &numbers))
      }
      let before = (0...(places.map(\.target).max() ?? 0)).map { Float($0 % 7) }
      var expected = before
      for place in places {
        expected[place.target] = x[place.source] + (adds ? expected[place.target] : 0)
      }
      let (source, target) = (GuardedMemory(x), GuardedMemory(before))
      run(regionCopy(region, from: source.view, to: target.view, adds: adds), holding: source)
      #expect(target.values == expected, "\(region)")
      #expect(target.isIntact && source.values == x)
    }
  }

  @Test("add each copied element back, once for every copy")
  func reversed() {
    var numbers = SeededNumbers(seed: 403)
    for _ in 0..<200 {
      let region = CopyRegionTests.random(repeats: false, &numbers)
      let places = CopyRegionTests.places(region)
      let y = (0...(places.map(\.target).max() ?? 0)).map { _ in
        Float(Int.random(in: -99...99, using: &numbers))
      }
      var expected = [Float](repeating: 0, count: (places.map(\.source).max() ?? 0) + 1)
      let (target, source) = (GuardedMemory(y), GuardedMemory(expected))
      for place in places { expected[place.source] += y[place.target] }
      run(
        regionCopy(region.reversed, from: target.view, to: source.view, adds: true), holding: target
      )
      #expect(source.values == expected, "\(region)")
      #expect(source.isIntact)
    }
  }

  @Test("with an extent of 0 move no elements")
  func empty() {
    let (x, y) = (GuardedMemory<Float>([1, 2]), GuardedMemory<Float>([3, 4]))
    let region = CopyRegion([.init(3, source: 100, target: 100), .init(0, source: 1, target: 1)])
    run(regionCopy(region, from: x.view, to: y.view), holding: x)
    #expect(y.values == [3, 4])
  }

  @Test("have row-major strides")
  func strides() {
    #expect(CopyRegion.strides([2, 3, 4]) == [12, 4, 1])
    #expect(CopyRegion.strides([7]) == [1])
    #expect(CopyRegion.strides([]).isEmpty)
  }
}
