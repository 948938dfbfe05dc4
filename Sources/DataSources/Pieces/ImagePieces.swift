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
    entries =
      FileKind(of: path) == .folder
      ? try ImageTree.files(in: path).map { Entry(path: "\(path)/\($0)", name: $0) }
      : [Entry(path: path, name: path)]
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
