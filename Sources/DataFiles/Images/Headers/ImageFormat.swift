/// The format of an image file, which its first bytes show. Its name does not matter.
package enum ImageFormat: String, Sendable, CaseIterable {
  case png = "PNG"
  case jpeg = "JPEG"

  /// The number of bytes that show the format.
  static let signatureLength = 8

  private static let pngStart: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let jpegStart: [UInt8] = [0xFF, 0xD8, 0xFF]

  /// Recognizes the format. Nil when the bytes begin neither a PNG nor a JPEG file.
  init?(_ bytes: [UInt8]) {
    if bytes.starts(with: ImageFormat.pngStart) {
      self = .png
    } else if bytes.starts(with: ImageFormat.jpegStart) {
      self = .jpeg
    } else {
      return nil
    }
  }

  /// Describes the start of a file that is neither PNG nor JPEG.
  static func description(of bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "an empty file" }
    if bytes.starts(with: pngStart.prefix(4)) {
      return "a PNG signature that a conversion of line ends or text damaged"
    }
    for (name, start) in others where bytes.starts(with: start.utf8) { return "a \(name) file" }
    let first = bytes.prefix(signatureLength)
    let isText = first.allSatisfy { (0x20..<0x7F).contains($0) || (9...13).contains($0) }
    return isText
      ? "text"
      : "a file that begins with the bytes "
        + first.map { String($0, radix: 16, uppercase: true) }.joined(separator: " ")
  }

  /// Other formats of images, and their first bytes.
  private static let others = [
    ("GIF", "GIF8"), ("BMP", "BM"), ("TIFF", "II*\0"), ("TIFF", "MM\0*"), ("WebP", "RIFF"),
    ("PDF", "%PDF"),
  ]
}
