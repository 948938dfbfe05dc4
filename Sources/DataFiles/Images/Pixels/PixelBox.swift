/// A rectangle of an image.
package struct PixelBox: Equatable, Sendable {
  package let top: Int
  package let left: Int
  package let size: PixelSize

  package init(top: Int, left: Int, size: PixelSize) {
    precondition(top >= 0 && left >= 0, "a box begins within its image")
    self.top = top
    self.left = left
    self.size = size
  }

  /// A whole image.
  package init(_ size: PixelSize) { self.init(top: 0, left: 0, size: size) }

  package var rows: Range<Int> { top..<top + size.height }
  package var columns: Range<Int> { left..<left + size.width }

  /// Whether the box lies within an image of this size.
  package func isWithin(_ image: PixelSize) -> Bool {
    rows.upperBound <= image.height && columns.upperBound <= image.width
  }
}
