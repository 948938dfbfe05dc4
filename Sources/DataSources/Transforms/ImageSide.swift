package import DataFiles
package import Fields
package import YAML

/// A size of images: one side, or the height and the width.
///
///     resize: 256
///     crop: [32, 24]
package enum ImageSide: FieldValue, Equatable {
  case side(Int)
  case size(PixelSize)

  private static let range = 1...4096

  package static var expectation: String {
    "an integer or a list of height and width, each from \(range.lowerBound) to \(range.upperBound)"
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<ImageSide> {
    guard node.items != nil else {
      return Int.decode(node, &diagnostics).compactMap(of: node) {
        range.contains($0) ? .side($0) : nil
      }
    }
    return [Int].decode(node, &diagnostics).compactMap(of: node) { sides in
      sides.count == 2 && sides.allSatisfy(range.contains)
        ? .size(PixelSize(height: sides[0], width: sides[1])) : nil
    }
  }

  package var encoded: Node {
    switch self {
    case .side(let side): side.encoded
    case .size(let size): [size.height, size.width].encoded
    }
  }

  /// Returns the size of an image that is resized: its shorter side, or its whole size.
  func resized(_ image: PixelSize) -> PixelSize {
    switch self {
    case .side(let side): image.shorterSide(side)
    case .size(let size): size
    }
  }

  /// The size of a crop, which is a square for one side.
  var cropped: PixelSize {
    switch self {
    case .side(let side): PixelSize(height: side, width: side)
    case .size(let size): size
    }
  }
}
