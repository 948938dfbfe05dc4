/// Resizes images bilinearly with antialiasing: the same bits as Pillow's `resize` with `BILINEAR`.
///
/// A sample of the result is the weighted mean of the samples within the support of a triangle,
/// which grows with the reduction: see ``ResizeWeights``. One axis is resized first, and its means
/// are rounded to samples before the other axis is resized: see
/// ``ImageGeometry/resizesRowsFirst(_:)``. A resizer keeps its memory: a thread that uses one resizer
/// allocates nothing for further images of the same size.
///
/// Images of 16 bits are resized in the same way, with samples of 16 bits between the two passes.
package struct ImageResizer: Sendable {
  private var columns = ResizeWeights()
  private var rows = ResizeWeights()
  /// The image between the passes, in rows with padding.
  private var bytes: [UInt8] = []
  private var words: [UInt16] = []

  package init() {}

  /// Writes the resized image to `target`.
  ///
  /// - Parameter image: an image with at least one pixel.
  package mutating func resize(
    _ image: PixelImage<UInt8>, _ geometry: ImageGeometry, into target: inout PixelImage<UInt8>
  ) {
    prepare(image.size, geometry)
    ImageResizer.resize(
      image, geometry, columns, rows, &bytes, into: &target, with: ByteResize.self)
  }

  /// Writes the resized image to `target`.
  ///
  /// - Parameter image: an image with at least one pixel.
  package mutating func resize(
    _ image: PixelImage<UInt16>, _ geometry: ImageGeometry, into target: inout PixelImage<UInt16>
  ) {
    prepare(image.size, geometry)
    ImageResizer.resize(
      image, geometry, columns, rows, &words, into: &target, with: SampleResize<UInt16>.self)
  }

  private mutating func prepare(_ size: PixelSize?, _ geometry: ImageGeometry) {
    guard let size else { preconditionFailure("an image with at least one pixel") }
    let (box, resized) = (geometry.box, geometry.size)
    columns.prepare(
      from: size.width, to: resized.width, box.columns, isReversed: geometry.isMirrored)
    rows.prepare(from: size.height, to: resized.height, box.rows, isReversed: false)
  }

  /// Runs both passes. The first computes only the samples that the second reads.
  private static func resize<Passes: ResizePasses>(
    _ image: PixelImage<Passes.Sample>, _ geometry: ImageGeometry, _ columns: ResizeWeights,
    _ rows: ResizeWeights, _ buffer: inout [Passes.Sample],
    into target: inout PixelImage<Passes.Sample>, with passes: Passes.Type
  ) {
    let (channels, size) = (image.channels, geometry.box.size)
    let isRowsFirst = geometry.resizesRowsFirst(image.size ?? size)
    let height = isRowsFirst ? size.height : rows.read.count
    let width = (isRowsFirst ? columns.read.count : size.width) * channels
    let padding = PixelImage<Passes.Sample>.padding
    let stride = width + padding
    if buffer.count < height * stride + padding {
      buffer = [Passes.Sample](repeating: 0, count: height * stride + padding)
    }
    target.reshape(size, channels: channels)
    unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      guard let middle = buffer.baseAddress else { return }
      let between = unsafe PixelRows(
        middle, count: height, width: width, stride: stride, channels: channels)
      unsafe image.withAddress { address in
        let stride = image.width * channels
        let start = rows.read.lowerBound * stride + columns.read.lowerBound * channels
        let source = unsafe PixelRows(
          address + start, count: rows.read.count, stride: stride, channels: channels)
        if isRowsFirst {
          unsafe passes.resizeRows(source, rows, between)
        } else {
          unsafe passes.resizeColumns(source, columns, between)
        }
      }
      unsafe target.withMutableAddress { address in
        let width = size.width * channels
        let source = unsafe PixelRows(
          UnsafePointer(middle), count: height, stride: stride, channels: channels)
        let result = unsafe PixelRows(
          address, count: size.height, width: width, stride: width, channels: channels)
        if isRowsFirst {
          unsafe passes.resizeColumns(source, columns, result)
        } else {
          unsafe passes.resizeRows(source, rows, result)
        }
      }
    }
  }
}
