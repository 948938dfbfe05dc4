/// The two passes of resizing: one computes columns, the other rows.
///
/// A source begins with the first row and the first column that the weights read.
protocol ResizePasses {
  associatedtype Sample: PixelSample

  /// Resizes the columns of each row of `source`.
  static func resizeColumns(
    _ source: PixelRows<UnsafePointer<Sample>>, _ weights: ResizeWeights,
    _ target: PixelRows<UnsafeMutablePointer<Sample>>)

  /// Computes each row of `target` from those that its weights read.
  static func resizeRows(
    _ source: PixelRows<UnsafePointer<Sample>>, _ weights: ResizeWeights,
    _ target: PixelRows<UnsafeMutablePointer<Sample>>)
}
