/// Assigns the elements of a tensor to channels, each with its own number.
///
/// A tensor consists of blocks with `positions` rows of `width` channels (``TensorLayout/Runs``).
/// Each channel has one number, either for all examples or for each example.
package struct ChannelExtent: Sendable, Equatable {
  package let runs: TensorLayout.Runs
  /// True if every example has its own numbers.
  package let isOfExample: Bool

  /// Describes the channels of an image [N, C, spatial…] in any layout.
  package init(_ runs: TensorLayout.Runs, isOfExample: Bool = false) {
    // With a single position the channels are adjacent in every layout.
    let isRow = runs.positions == 1
    self.runs =
      isRow
      ? TensorLayout.Runs(
        examples: runs.examples, blocks: 1, positions: 1, width: runs.channels) : runs
    self.isOfExample = isOfExample
  }

  /// Describes a row-major tensor [outer, middle, inner] with one number per index of `middle`.
  package init(outer: Int, middle: Int, inner: Int, isOfExample: Bool = false) {
    self.init(
      TensorLayout.Runs(examples: outer, blocks: middle, positions: inner, width: 1),
      isOfExample: isOfExample)
  }

  package var count: Int { runs.count }
  /// The count of the numbers.
  package var numberCount: Int { isOfExample ? runs.examples * runs.channels : runs.channels }

  /// Returns the index of the first number of an example.
  @inline(__always)
  func firstNumber(ofExample example: Int) -> Int { isOfExample ? example &* runs.channels : 0 }

  /// Calls `body` for every range of adjacent elements whose channels are adjacent.
  ///
  /// `body` receives the first element, the first number and the count of elements. If `width` is
  /// 1, all elements of the range belong to one number.
  @inline(__always)
  func forEachRow(_ body: (_ first: Int, _ number: Int, _ count: Int) -> Void) {
    let isSingle = runs.width == 1
    let (rows, length) = isSingle ? (1, runs.positions) : (runs.positions, runs.width)
    var first = 0
    for example in 0..<runs.examples {
      let numbers = firstNumber(ofExample: example)
      for block in 0..<runs.blocks {
        for _ in 0..<rows {
          body(first, numbers &+ block &* runs.width, length)
          first &+= length
        }
      }
    }
  }
}
