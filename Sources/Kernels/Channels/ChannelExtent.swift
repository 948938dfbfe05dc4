/// How the numbers of a channel-wise operation meet the elements of a tensor.
///
/// A tensor is runs of `positions` rows of `width` channels (``TensorLayout/Runs``). One number belongs to each
/// channel, of all examples or of every example alone.
package struct ChannelExtent: Sendable, Equatable {
  package let runs: TensorLayout.Runs
  /// True where every example has numbers of its own.
  package let isOfExample: Bool

  /// The channels of an image [N, C, spatial…], however it lies.
  package init(_ runs: TensorLayout.Runs, isOfExample: Bool = false) {
    // A single position: its channels lie together, whatever the layout is called.
    let isRow = runs.positions == 1
    self.runs =
      isRow
      ? TensorLayout.Runs(
        examples: runs.examples, blocks: 1, positions: 1, width: runs.channels) : runs
    self.isOfExample = isOfExample
  }

  /// A row-major tensor [outer, middle, inner] with one number for each place of the middle.
  package init(outer: Int, middle: Int, inner: Int, isOfExample: Bool = false) {
    self.init(
      TensorLayout.Runs(examples: outer, blocks: middle, positions: inner, width: 1),
      isOfExample: isOfExample)
  }

  package var count: Int { runs.count }
  /// How many numbers there are.
  package var numberCount: Int { isOfExample ? runs.examples * runs.channels : runs.channels }

  /// The numbers of an example begin here.
  @inline(__always)
  func firstNumber(ofExample example: Int) -> Int { isOfExample ? example &* runs.channels : 0 }

  /// Calls `body` for every run of elements that lie together and belong to channels that do: its first element, its
  /// first number, and how many elements; where `width` is 1 all of them belong to one number.
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
