/// The orientation of stored pixels, as Exif numbers it.
///
/// The name says where the first row and the first column of the stored pixels lie in the shown
/// image. Numbers above 4 exchange rows and columns.
///
/// Reference: CIPA DC-008, "Exchangeable image file format for digital still cameras: Exif", tag
/// 0x0112.
package enum ImageOrientation: Int, Sendable, CaseIterable {
  case topLeft = 1
  case topRight = 2
  case bottomRight = 3
  case bottomLeft = 4
  case leftTop = 5
  case rightTop = 6
  case rightBottom = 7
  case leftBottom = 8

  /// Whether the rows of the stored pixels are columns of the shown image.
  package var swapsAxes: Bool { rawValue > 4 }

  /// Returns the size of the shown image.
  package func shown(_ stored: PixelSize) -> PixelSize {
    swapsAxes ? PixelSize(height: stored.width, width: stored.height) : stored
  }

  /// Returns the samples in the order of the shown image, from stored pixels.
  ///
  /// - Parameter channels: the samples of each pixel.
  func shown<Sample: PixelSample>(
    _ samples: [Sample], of stored: PixelSize, channels: Int
  ) -> [Sample] {
    let size = shown(stored)
    var result = [Sample](repeating: 0, count: size.count * channels)
    let steps = self.steps(in: stored)
    var target = 0
    for row in 0..<size.height {
      var source = steps.start + row * steps.row
      for _ in 0..<size.width {
        for channel in 0..<channels {
          result[target + channel] = samples[source * channels + channel]
        }
        target += channels
        source += steps.column
      }
    }
    return result
  }

  /// The stored pixel that is shown first, and the distances between the stored pixels that are
  /// shown in neighbouring rows and columns.
  private func steps(in stored: PixelSize) -> (start: Int, row: Int, column: Int) {
    let (width, last) = (stored.width, stored.count - 1)
    return switch self {
    case .topLeft: (0, width, 1)
    case .topRight: (width - 1, width, -1)
    case .bottomRight: (last, -width, -1)
    case .bottomLeft: (last - width + 1, -width, 1)
    case .leftTop: (0, 1, width)
    case .rightTop: (last - width + 1, 1, -width)
    case .rightBottom: (last, -1, -width)
    case .leftBottom: (width - 1, -1, width)
    }
  }
}
