internal import DataFiles
internal import YAML

/// Masks as the examples of a target, of shape [height, width] with a class for each pixel.
///
/// A file is decoded when a batch needs it. The transforms that change the size of an image change that of
/// its mask alike.
struct MaskFiles: ExampleReader {
  let paths: [String]
  let checksums: [UInt64]
  let classes: MaskClasses

  var count: Int { paths.count }
  var hasOneShape: Bool { false }
  var isExact: Bool { true }

  func name(of index: Int) -> String { paths[index].quotable }

  func makeCursor() -> any ExampleCursor { Cursor(self) }

  private final class Cursor: ExampleCursor {
    private let files: MaskFiles
    private var reader: MaskReader
    private var values = ExampleValues()

    init(_ files: MaskFiles) {
      self.files = files
      reader = MaskReader(files.classes)
    }

    func checksum(of index: Int) -> UInt64 { files.checksums[index] }

    func readNumbers(_ index: Int, into numbers: inout [Double]) throws(DataFailure) {
      try read(index, nil, into: &values)
      numbers = values.withValues { span in span.indices.map { Double(span[$0]) } }
    }

    func read(
      _ index: Int, _ fit: ImageFit?, into values: inout ExampleValues
    ) throws(DataFailure) {
      try reader.read(path: files.paths[index], into: &values)
    }
  }
}
