internal import CJPEG

/// Decodes JPEG files with libjpeg.
///
/// The same version of the library gives the same bits on every processor: the inverse transform is
/// the exact integer one, upsampling of colours is libjpeg's triangle filter, and blocks are not smoothed.
enum JPEGDecoder {
  /// Decodes to the start of `samples`.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - size: the size at `eighths`/8 of the stored size.
  ///   - components: 1 grey, 3 RGB, or 4 CMYK.
  ///   - memory: the greatest number of bytes that the library may allocate.
  static func decode(
    _ bytes: [UInt8], _ size: PixelSize, eighths: Int, components: Int, memory: Int,
    into samples: inout [UInt8]
  ) throws(DecodingMistake) {
    precondition(samples.count >= size.count * components, "memory for fewer pixels than decoded")
    var task = unsafe dl_jpeg_task()
    unsafe task.eighths = UInt32(clamping: eighths)
    unsafe task.height = UInt32(clamping: size.height)
    unsafe task.width = UInt32(clamping: size.width)
    unsafe task.components = CInt(clamping: components)
    unsafe task.memory_limit = memory
    unsafe task.scan_limit = CInt(clamping: ImageLimits.scanCount)
    let status = unsafe bytes.withUnsafeBufferPointer { source in
      unsafe samples.withUnsafeMutableBufferPointer { target in
        unsafe task.bytes = source.baseAddress
        unsafe task.count = source.count
        unsafe task.pixels = target.baseAddress
        return unsafe dl_jpeg_decode(&task)
      }
    }
    guard status != 0 else { return }
    let reason = unsafe withUnsafeBytes(of: task.reason) { reason in
      unsafe String(decoding: reason.prefix { $0 != 0 }, as: UTF8.self)
    }
    throw DecodingMistake(
      reason: reason, byte: unsafe Int(clamping: task.place), isMemory: status == 2)
  }
}
