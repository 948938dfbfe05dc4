internal import CPNG

/// Decodes PNG files with libpng.
///
/// Palettes become colours, samples of fewer than 8 bits become 8 bits, and the color `tRNS` becomes
/// alpha. Samples of 16 bits become 8 bits by rounding v·255/65535 to the nearest integer, and samples of 8
/// bits become 16 bits by 257·v, which is exact. Chunks about gamma and colour spaces do not change samples.
enum PNGDecoder {
  /// Decodes to the start of `samples`.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - components: the samples of a decoded pixel: grey or colour, and alpha where the file has it.
  ///   - isStored: whether grey values are not scaled, and indices of a palette stay indices. The file
  ///     then has one sample for each pixel, of the size of `Sample`.
  static func decode<Sample: PixelSample>(
    _ bytes: [UInt8], _ size: PixelSize, components: Int, isColor: Bool,
    isStored: Bool = false, into samples: inout [Sample]
  ) throws(DecodingMistake) {
    precondition(samples.count >= size.count * components, "memory for fewer pixels than decoded")
    var task = unsafe dl_png_task()
    unsafe task.row_bytes = size.width * components * MemoryLayout<Sample>.size
    unsafe task.height = UInt32(clamping: size.height)
    unsafe task.is_color = isColor ? 1 : 0
    unsafe task.is_wide = Sample.bitWidth == 16 ? 1 : 0
    unsafe task.is_stored = isStored ? 1 : 0
    let status = unsafe bytes.withUnsafeBufferPointer { source in
      unsafe samples.withUnsafeMutableBytes { target in
        unsafe task.bytes = source.baseAddress
        unsafe task.count = source.count
        unsafe task.pixels = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return unsafe dl_png_decode(&task)
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
