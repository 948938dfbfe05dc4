internal import Tensors

/// Walks over an image tensor channel by channel, whatever its layout: the base of sums and maps over channels.
///
/// Channels come in groups of one vector where the layout keeps them together, and one by one, vectors running over
/// positions, where it does not.
struct ChannelRuns: Sendable {
  typealias Vector = SIMD16<Float>
  static let width = Vector.scalarCount

  let runs: TensorLayout.Runs

  /// The first of sixteen channels that lie together and that `channel` is one of; nil if there are not so many.
  ///
  /// The last vector of a run whose width is no multiple of sixteen begins among the channels of the one before: what is
  /// computed of each channel is the same in both.
  @inline(__always)
  private func vectorStart(_ channel: Int) -> Int? {
    guard runs.width >= ChannelRuns.width else { return nil }
    let left = runs.width &- channel % runs.width
    return left >= ChannelRuns.width ? channel : channel &- (ChannelRuns.width &- left)
  }

  /// Calls `vector` with the first of sixteen channels that lie together, and `one` with each channel that is in no
  /// such group.
  @inline(__always)
  func forEachChannel(vector: (Int) -> Void, one: (Int) -> Void) {
    var channel = 0
    while channel < runs.channels {
      if let start = vectorStart(channel) {
        vector(start)
        channel = start &+ ChannelRuns.width
      } else {
        one(channel)
        channel &+= 1
      }
    }
  }

  /// Where the positions of `channel` begin in `example`.
  @inline(__always)
  func base(example: Int, channel: Int) -> Int {
    let (block, lane) = (channel / runs.width, channel % runs.width)
    return ((example &* runs.blocks &+ block) &* runs.positions) &* runs.width &+ lane
  }
}

extension View where Element == Float {
  /// The sixteen elements from `index` on, in one unaligned load.
  @inlinable @inline(__always)
  package func load16(_ index: Int) -> SIMD16<Float> {
    assert(index >= 0 && index + 16 <= count)
    return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<Float>.self)
  }

  /// Puts sixteen elements at `index`, in one unaligned store.
  @inlinable @inline(__always)
  package func store(_ vector: SIMD16<Float>, _ index: Int) {
    assert(index >= 0 && index + 16 <= count)
    unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: vector, as: SIMD16<Float>.self)
  }
}

/// result[c] = Σ x over all examples and positions of channel c.
///
/// Sums of one example are taken in single precision over short runs, and added in double.
package struct ChannelSum: Kernel {
  private let x: FloatView
  private let result: FloatView
  private let layout: ChannelRuns

  package init(of x: FloatView, to result: FloatView, _ runs: TensorLayout.Runs) {
    self.x = x.checked(runs.count)
    self.result = result.checked(runs.channels)
    layout = ChannelRuns(runs: runs)
  }

  /// Positions that are added in single precision.
  private static let shortRun = 64

  package func run() {
    layout.forEachChannel { start in
      result.store(sums(from: start), start)
    } one: { channel in
      result[channel] = layout.runs.width == 1 ? contiguousSum(channel) : scatteredSum(channel)
    }
  }

  /// Of sixteen channels that lie together.
  private func sums(from channel: Int) -> SIMD16<Float> {
    let runs = layout.runs
    var total = SIMD16<Double>(repeating: 0)
    for example in 0..<runs.examples {
      let base = layout.base(example: example, channel: channel)
      var start = 0
      while start < runs.positions {
        let end = min(start &+ ChannelSum.shortRun, runs.positions)
        var sum = SIMD16<Float>(repeating: 0)
        for position in start..<end { sum += x.load16(base &+ position &* runs.width) }
        total += SIMD16<Double>(sum)
        start = end
      }
    }
    return SIMD16<Float>(total)
  }

  /// Of a channel whose positions lie together.
  private func contiguousSum(_ channel: Int) -> Float {
    let runs = layout.runs
    var total = 0.0
    for example in 0..<runs.examples {
      let base = layout.base(example: example, channel: channel)
      var position = 0
      while position &+ 16 <= runs.positions {
        var sum = SIMD16<Float>(repeating: 0)
        let end = min(position &+ 16 &* ChannelSum.shortRun, runs.positions)
        while position &+ 16 <= end {
          sum += x.load16(base &+ position)
          position &+= 16
        }
        total += SIMD16<Double>(sum).sum()
      }
      while position < runs.positions {
        total += Double(x[base &+ position])
        position &+= 1
      }
    }
    return Float(total)
  }

  /// Of a channel that is left over beside whole vectors.
  private func scatteredSum(_ channel: Int) -> Float {
    let runs = layout.runs
    var total = 0.0
    for example in 0..<runs.examples {
      let base = layout.base(example: example, channel: channel)
      for position in 0..<runs.positions { total += Double(x[base &+ position &* runs.width]) }
    }
    return Float(total)
  }
}
