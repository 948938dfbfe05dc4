/// The choices for decoding an image.
package struct ImageDecoding: Equatable, Sendable {
  /// The channels of the result. Nil for those of the file.
  package var color: ImageColor?
  /// The colour behind transparent pixels. An image of 1 channel takes its grey value.
  package var background = BackgroundColor.white
  /// Whether the image is turned as its Exif data state.
  package var followsOrientation = true
  /// The smallest size of the result that is enough. Nil for the full size.
  ///
  /// A JPEG file is then decoded at 1/2, 1/4 or 1/8 of its size where the result is not smaller,
  /// which takes less time. Its pixels differ slightly from a full decode that is resized: libjpeg
  /// leaves out high frequencies. It also has sizes of 3/8 and others, which take longer than a
  /// full decode.
  package var sufficientSize: PixelSize?

  package init(
    color: ImageColor? = nil, background: BackgroundColor = .white,
    followsOrientation: Bool = true, sufficientSize: PixelSize? = nil
  ) {
    self.color = color
    self.background = background
    self.followsOrientation = followsOrientation
    self.sufficientSize = sufficientSize
  }

  /// Returns the eighths of its size at which a JPEG file is decoded.
  ///
  /// - Parameter stored: the size of the stored pixels.
  func eighths(of stored: PixelSize, _ orientation: ImageOrientation) -> Int {
    guard let least = sufficientSize.map({ followsOrientation ? orientation.shown($0) : $0 }) else {
      return 8
    }
    for eighths in [1, 2, 4] {
      let size = ImageDecoding.reduced(stored, eighths)
      if size.height >= least.height, size.width >= least.width { return eighths }
    }
    return 8
  }

  /// Returns the size at n/8 of an image's size, rounded up.
  static func reduced(_ size: PixelSize, _ eighths: Int) -> PixelSize {
    PixelSize(height: (size.height * eighths + 7) / 8, width: (size.width * eighths + 7) / 8)
  }
}
