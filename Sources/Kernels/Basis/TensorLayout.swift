package import Tensors

/// The memory order of an image tensor [N, C, spatial…].
///
/// Every layout has as many elements as the shape. Elementwise kernels accept any layout.
/// Convolution, pooling and normalization run several times faster when the channels of a position
/// are adjacent.
public enum TensorLayout: String, Sendable, Hashable {
  /// Row-major order, as in the shape: all positions of a channel are adjacent.
  case plain
  /// [N, spatial…, C]: all channels of a position are adjacent.
  case channelsLast = "channels last"

  /// The nested order of channels and positions in memory: [examples, blocks, positions, width].
  ///
  /// A block holds `positions` rows, and each row holds `width` adjacent channels.
  public struct Runs: Sendable, Equatable {
    /// The examples in memory.
    public let examples: Int
    /// The blocks of channels of one example: C in plain order, 1 with channels last.
    public let blocks: Int
    /// The product of all spatial extents.
    public let positions: Int
    /// The number of adjacent channels: 1 or C.
    public let width: Int

    @inlinable public var channels: Int { blocks * width }
    @inlinable public var count: Int { examples * blocks * positions * width }

    /// The same elements as one example of many positions, if each example has one position, as in
    /// a matrix.
    package var asOneExample: Runs {
      guard positions == 1, channels > 0 else { return self }
      return Runs(examples: 1, blocks: 1, positions: examples, width: channels)
    }
  }

  /// Returns the order of the first `examples` examples.
  ///
  /// - Parameter shape: the shape [N, C, spatial…] of the batch.
  package func runs(_ shape: Shape, examples: Int) -> Runs {
    let (channels, positions) = (shape[1], shape.count(in: 2..<shape.rank))
    let width =
      switch self {
      case .plain: 1
      case .channelsLast: channels
      }
    return Runs(
      examples: examples, blocks: width == 0 ? 0 : channels / width, positions: positions,
      width: width)
  }

  /// Returns the place in memory of element `index` of the row-major tensor.
  package func place(of index: Int, in shape: Shape) -> Int {
    guard self != .plain else { return index }
    let runs = runs(shape, examples: shape[0])
    let (position, row) = (index % runs.positions, index / runs.positions)
    let (channel, example) = (row % runs.channels, row / runs.channels)
    return ((example * runs.blocks + channel / runs.width) * runs.positions + position) * runs.width
      + channel % runs.width
  }
}
