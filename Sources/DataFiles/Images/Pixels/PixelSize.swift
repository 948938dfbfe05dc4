/// The height and width of an image in pixels, each at least 1.
package struct PixelSize: Equatable, Sendable {
  package let height: Int
  package let width: Int

  package init(height: Int, width: Int) {
    precondition(height > 0 && width > 0, "an image has at least one pixel")
    self.height = height
    self.width = width
  }

  /// The number of pixels. The greatest integer on overflow.
  package var count: Int {
    let (count, overflows) = height.multipliedReportingOverflow(by: width)
    return overflows ? .max : count
  }

  /// The size as messages print it: `375x500`, height first.
  package var description: String { "\(height)x\(width)" }
}
