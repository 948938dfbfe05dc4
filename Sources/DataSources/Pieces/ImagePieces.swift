package import DataFiles
internal import Files
internal import Tensors
internal import YAML

/// Images of PNG and JPEG files as examples. They are decoded when they are predicted.
package final class ImagePieces: ExamplePieces {
  /// A file, and its name in the predictions.
  struct Entry: Equatable {
    let path: String
    let name: String
  }

  private let entries: [Entry]
  /// How the files are decoded.
  private let reading: Images
  private let name: String
  private var done = 0

  package let labelNames = ["file"]

  /// The number of images of a piece. They are decoded one by one.
  private static let pieceCount = 1024
  /// The greatest depth of folders.
  private static let depthLimit = 16

  /// Finds the images.
  ///
  /// - Parameters:
  ///   - path: an image, or a folder of images. The files and folders in a folder follow each other
  ///     in the order of the bytes of their names. Hidden files are skipped.
  ///   - source: the model's source. ``Images`` states how to decode the files.
  ///   - top: the input of the network. Its channels decide the color for other sources.
  package init(
    path: String, like source: any DataSource, top: DataTop
  ) throws(DataFailure) {
    let shape = top.shape
    guard shape.rank == 3, shape[0] == 1 || shape[0] == 3 else {
      throw .content(
        "\(path.quotable): expected another kind of input, since the network reads '\(top.text)' "
          + "and not images")
    }
    var reading = Images()
    reading.color = shape[0] == 3 ? .rgb : .gray
    self.reading = source as? Images ?? reading
    name = top.name
    var entries: [Entry] = []
    if FileKind(of: path) == .folder {
      try ImagePieces.find(in: path, prefix: "", depth: 0, &entries)
    } else {
      entries = [Entry(path: path, name: path)]
    }
    self.entries = entries
  }

  private static func find(
    in folder: String, prefix: String, depth: Int, _ entries: inout [Entry]
  ) throws(DataFailure) {
    let names = FileSystem.names(in: folder).filter { !$0.hasPrefix(".") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard !names.isEmpty else {
      throw .content("\(folder.quotable): expected image files, received an empty folder")
    }
    guard depth < depthLimit else {
      throw .content("\(folder.quotable): expected at most \(depthLimit) folders in each other")
    }
    for name in names {
      let path = "\(folder)/\(name)"
      if FileKind(of: path) == .folder {
        try find(in: path, prefix: "\(prefix)\(name)/", depth: depth + 1, &entries)
      } else {
        entries.append(Entry(path: path, name: prefix + name))
      }
    }
  }

  package func count() -> Int? { entries.count }

  package func next() throws(DataFailure) -> ExamplePiece? {
    guard done < entries.count else { return nil }
    let part = entries[done..<min(entries.count, done + ImagePieces.pieceCount)]
    let size = try ImageFile.header(path: entries[done].path).size
    let top = DataTop(name, shape: Shape([reading.channels, size.height, size.width]))
    let files = reading.files(part.map(\.path))
    let examples = ExampleSelection(files, width: top.width)
    done += part.count
    return ExamplePiece(
      dataset: Dataset(count: part.count, [ExampleTensor(top, .onDemand(examples))]),
      labels: part.map { [$0.name] })
  }
}
