package import DataFiles
internal import Files

/// The classes, sizes and colors of a folder of images, by the headers of its files.
package struct ImageCensus: Sendable {
  /// The classes with the number of their images.
  package let classes: [(name: String, count: Int)]
  /// The least and the greatest height and width of the shown images.
  package private(set) var least: PixelSize
  package private(set) var greatest: PixelSize
  /// Whether no image has colors.
  package private(set) var isGray = true

  package var count: Int { classes.reduce(0) { $0 + $1.count } }

  /// Reads the headers of all images in a folder with one folder for each class.
  ///
  /// - Throws: a failure when the classes cannot be found, or a file is not a readable image. Its
  ///   message counts all such files.
  package init(folder: String) throws(DataFailure) {
    let found = try ClassFolders(
      in: folder, DataContext(directory: ".", seed: 0, phase: .train))
    var counts = [Int](repeating: 0, count: found.names.count)
    var failures: (first: DataFailure, count: Int)?
    least = PixelSize(height: ImageLimits.sideLength, width: ImageLimits.sideLength)
    greatest = PixelSize(height: 1, width: 1)
    for (path, label) in zip(found.paths, found.labels) {
      do throws(DataFailure) {
        let header = try ImageFile.header(path: path)
        least = PixelSize(
          height: min(least.height, header.size.height),
          width: min(least.width, header.size.width))
        greatest = PixelSize(
          height: max(greatest.height, header.size.height),
          width: max(greatest.width, header.size.width))
        if header.channels > 1 { isGray = false }
        counts[label] += 1
      } catch {
        failures = (failures?.first ?? error, (failures?.count ?? 0) + 1)
      }
    }
    classes = zip(found.names, counts).map { (name: $0, count: $1) }
    guard let failures else { return }
    let rest = failures.count - 1
    let more = rest > 0 ? "; and \(rest) more file\(rest == 1 ? "" : "s")" : ""
    switch failures.first {
    case .io(let message, _, _): throw .io(message + more)
    default: throw .content(failures.first.message + more)
    }
  }

  /// Whether all images have the same size.
  package var hasOneSize: Bool { least == greatest }

  /// Returns the folder of the training part and that of the test part below a folder with such
  /// parts. Nil without them.
  package static func parts(in folder: String) -> (train: String, test: String)? {
    func isFolder(_ name: String) -> Bool { FileKind(of: "\(folder)/\(name)") == .folder }
    let names = FileSystem.names(in: folder).filter { !$0.hasPrefix(".") && isFolder($0) }
    let tests = ["test", "val", "valid", "validation"]
    guard names.contains("train"), names.allSatisfy({ $0 == "train" || tests.contains($0) }),
      let test = tests.first(where: names.contains)
    else { return nil }
    return ("\(folder)/train", "\(folder)/\(test)")
  }
}
