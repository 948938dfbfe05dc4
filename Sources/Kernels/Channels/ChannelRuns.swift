/// Walks over an image tensor channel by channel, whatever its layout: the base of sums and maps over channels.
///
/// Channels come in groups of one vector where the layout keeps them together, and one by one, vectors running over
/// positions, where it does not.
package struct ChannelRuns: Sendable {
  package typealias Vector = SIMD16<Float>
  package static let width = Vector.scalarCount

  package let runs: TensorLayout.Runs

  package init(runs: TensorLayout.Runs) { self.runs = runs }

  /// The first of sixteen channels that lie together and that `channel` is one of; nil if there are not so many.
  ///
  /// The last vector of a run whose width is no multiple of sixteen begins among the channels of the one before: what is
  /// computed of each channel is the same in both.
  @inlinable @inline(__always)
  package func vectorStart(_ channel: Int) -> Int? {
    guard runs.width >= ChannelRuns.width else { return nil }
    let left = runs.width &- channel % runs.width
    return left >= ChannelRuns.width ? channel : channel &- (ChannelRuns.width &- left)
  }

  /// Calls `vector` with the first of sixteen channels that lie together, and `one` with each channel that is in no
  /// such group.
  @inlinable @inline(__always)
  package func forEachChannel(vector: (Int) -> Void, one: (Int) -> Void) {
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
  @inlinable @inline(__always)
  package func base(example: Int, channel: Int) -> Int {
    let (block, lane) = (channel / runs.width, channel % runs.width)
    return ((example &* runs.blocks &+ block) &* runs.positions) &* runs.width &+ lane
  }
}
