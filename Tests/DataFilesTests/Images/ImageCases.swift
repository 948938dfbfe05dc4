import Foundation
import Testing

/// The cases of `Tests/Oracles/Cases/image_files.json`, which Pillow computed.
struct ImageCases: Decodable {
  /// A JPEG file and its pixels.
  struct Decoding: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let file: Data
    let color: String?
    let size: [Int]
    let channels: Int
    let pixels: Data
    let sufficient: [Int]?

    var testDescription: String { name }
    var bytes: [UInt8] { [UInt8](file) }
  }

  /// An image of ``samples(_:)`` that is resized.
  struct Resizing: Decodable, Sendable, CustomTestStringConvertible {
    let channels: Int
    let from: [Int]
    let to: [Int]
    /// The top, left, height and width in the resized image.
    let crop: [Int]?
    let mirrored: Bool
    let checksum: UInt
    let pixels: Data?

    var testDescription: String { "\(from) to \(to), crop \(crop ?? []), \(mirrored)" }
  }

  let decoding: [Decoding]
  let resizing: [Resizing]

  static let all: ImageCases = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Oracles/Cases/image_files.json")
    do {
      return try JSONDecoder().decode(ImageCases.self, from: Data(contentsOf: path))
    } catch {
      preconditionFailure("\(path.path): \(error)")
    }
  }()

  /// The bytes that `image_file_cases.py` computes, too.
  static func samples(_ count: Int) -> [UInt8] {
    (0..<count).map { i in
      UInt8(truncatingIfNeeded: i * 7 + i / 13 * 5 + (i / 101) * (i / 101))
    }
  }
}
