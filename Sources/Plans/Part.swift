/// What one kernel of an operation works on: a slice of the batch, or a tile of a joint step.
package struct Part: Sendable {
  /// The slice's, or in a joint step all of the batch.
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
