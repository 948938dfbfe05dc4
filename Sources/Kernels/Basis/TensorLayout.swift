package import Tensors

/// How an image tensor [N, C, spatial…] lies in memory. Any layout has as many elements as the shape.
///
/// Kernels that treat elements alike work on any; convolution, pooling and normalization run several times faster
/// where the channels of a position lie together.
package enum TensorLayout: String, Sendable, Hashable {
  /// Row-major, as the shape says: all positions of a channel together.
  case plain
  /// [N, spatial…, C]: all channels of a position together.
  case channelsLast = "channels last"
  /// [N, C/16, spatial…, 16]: sixteen channels of a position together. C is a multiple of 16.
  case blocked = "blocked"

  /// Channels of a block.
  package static let blockWidth = 16

  /// How channels and positions follow each other in memory: `outer` times `blocks` of `positions` rows of `width`
  /// channels; channels are all of one row where the layout keeps them together.
  package struct Runs: Sendable, Equatable {
    /// Examples.
    package let examples: Int
    /// Runs of channels an example: C where plain, 1 where channels come last, C/16 where blocked.
    package let blocks: Int
    /// The extent of all spatial axes.
    package let positions: Int
    /// Channels that lie together: 1, C or 16.
    package let width: Int

    package var channels: Int { blocks * width }
    package var count: Int { examples * blocks * positions * width }
  }

  /// - Parameter shape: [N, C, spatial…], of which `examples` are meant.
  package func runs(_ shape: Shape, examples: Int) -> Runs {
    let (channels, positions) = (shape[1], shape.count(in: 2..<shape.rank))
    let width =
      switch self {
      case .plain: 1
      case .channelsLast: channels
      case .blocked: TensorLayout.blockWidth
      }
    return Runs(
      examples: examples, blocks: width == 0 ? 0 : channels / width, positions: positions,
      width: width)
  }

  /// Where element `index` of the row-major tensor lies.
  package func place(of index: Int, in shape: Shape) -> Int {
    guard self != .plain else { return index }
    let runs = runs(shape, examples: shape[0])
    let (position, row) = (index % runs.positions, index / runs.positions)
    let (channel, example) = (row % runs.channels, row / runs.channels)
    return ((example * runs.blocks + channel / runs.width) * runs.positions + position) * runs.width
      + channel % runs.width
  }
}
