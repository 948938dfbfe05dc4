/// Visits an image tensor channel by channel in any layout. Sums and maps over channels use it.
///
/// If the layout keeps channels adjacent, a visit covers a vector of channels. Otherwise a visit
/// covers one channel, and vectors run over its positions.
public struct ChannelRuns: Sendable {
  public typealias Vector = SIMD16<Float>
  @inlinable public static var width: Int { Vector.scalarCount }

  public let runs: TensorLayout.Runs

  package init(runs: TensorLayout.Runs) { self.runs = runs }

  /// Returns the first of sixteen adjacent channels that include `channel`. Nil if fewer channels
  /// are adjacent.
  ///
  /// If the width is not a multiple of sixteen, the last vector begins inside the vector before it.
  /// Both compute the same values for the shared channels.
  @inlinable @inline(__always)
  public func vectorStart(_ channel: Int) -> Int? {
    guard runs.width >= ChannelRuns.width else { return nil }
    let left = runs.width &- channel % runs.width
    return left >= ChannelRuns.width ? channel : channel &- (ChannelRuns.width &- left)
  }

  /// Calls `vector` with the first of each sixteen adjacent channels, and `one` with each remaining
  /// channel.
  @inlinable @inline(__always)
  public func forEachChannel(vector: (Int) -> Void, one: (Int) -> Void) {
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

  /// Calls `body` with parts of a range of positions, whose channels lie in the first cache together.
  ///
  /// With many adjacent channels, a visit of one vector after the other would read only a part of
  /// each line of memory.
  ///
  /// - Parameter positions: the range. Nil for all positions.
  @inlinable @inline(__always)
  public func forEachPart(of positions: Range<Int>? = nil, _ body: (Range<Int>) -> Void) {
    let positions = positions ?? 0..<runs.positions
    let length = runs.width > ChannelRuns.width ? max(4, 1024 / runs.width) : positions.count
    var start = positions.lowerBound
    while start < positions.upperBound {
      let end = min(start &+ length, positions.upperBound)
      body(start..<end)
      start = end
    }
  }

  /// The first channels of the vectors that ``forEachChannel(vector:one:)`` visits.
  package var vectorStarts: [Int] {
    var starts: [Int] = []
    forEachChannel {
      starts.append($0)
    } one: { _ in
    }
    return starts
  }

  /// Returns the place of the first position of `channel` in `example`.
  @inlinable @inline(__always)
  public func base(example: Int, channel: Int) -> Int {
    let (block, lane) = (channel / runs.width, channel % runs.width)
    return ((example &* runs.blocks &+ block) &* runs.positions) &* runs.width &+ lane
  }
}
