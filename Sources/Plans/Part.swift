/// The part of an operation that one kernel computes: a slice of the batch, or a tile of a joint
/// step.
package struct Part: Sendable {
  /// The examples of the slice, or of the whole batch in a joint step.
  package let examples: Range<Int>
  /// Nil in a joint step.
  let slice: Int?
  package let tile: Int
  package let tiles: Int

  package init(examples: Range<Int>, slice: Int? = nil, tile: Int = 0, of tiles: Int = 1) {
    self.examples = examples
    self.slice = slice
    self.tile = tile
    self.tiles = tiles
  }
}
