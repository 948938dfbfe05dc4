/// Rows of pixels in memory that the caller owns.
///
/// Behind the last sample are at least ``PixelImage/padding`` more, which vectors may read and write.
@unsafe
struct PixelRows<Pointer> {
  let address: Pointer
  let count: Int
  /// The samples of a row that are written. 0 for a source.
  let width: Int
  /// The distance between the starts of neighbouring rows, in samples.
  let stride: Int
  let channels: Int

  init(_ address: Pointer, count: Int, width: Int = 0, stride: Int, channels: Int) {
    unsafe self.address = address
    unsafe self.count = count
    unsafe self.width = width
    unsafe self.stride = stride
    unsafe self.channels = channels
  }
}
