package import Tensors
internal import YAML

/// A file in the binary form of CIFAR-10 and CIFAR-100: records of labels and an image.
///
/// A record has one label (CIFAR-10) or two (CIFAR-100: coarse, fine), a byte each. Then follow 3,072
/// bytes: 32 rows of 32 red values, and the same of green and blue.
///
/// Reference: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009.
package final class CIFARFile {
  /// The shape of an image: channels, rows and columns.
  package static let imageShape = Shape([3, 32, 32])

  /// The file's name in messages.
  package let path: String
  /// The number of records.
  package let count: Int
  private let labelCount: Int
  private let file: DataFile

  private var recordLength: Int { labelCount + CIFARFile.imageShape.count }

  /// Opens a file.
  ///
  /// - Parameter labelCount: the number of labels of a record.
  /// - Throws: a failure when the file cannot be read, or its size is not that of whole records.
  package init(path: String, labelCount: Int) throws(DataFailure) {
    let file = try DataFile(path: path)
    let (size, length) = (file.size, labelCount + CIFARFile.imageShape.count)
    guard size > 0, size % length == 0 else {
      throw .content(
        "\(path.quotable): expected records of \(length) bytes, received \(size) bytes")
    }
    self.path = path.quotable
    self.labelCount = labelCount
    count = size / length
    self.file = consume file
  }

  /// Reads all records.
  ///
  /// - Parameters:
  ///   - label: the index of the label among those of a record.
  ///   - images: receives the images, one after the other.
  ///   - labels: receives a label of each record.
  package func read(
    label: Int, images: Storage<UInt8>, labels: Storage<UInt8>
  ) throws(DataFailure) {
    let width = CIFARFile.imageShape.count
    precondition(
      images.count == count * width && labels.count == count && label < labelCount,
      "the records fill their storage")
    let buffer = unsafe images.buffer
    for record in 0..<count {
      let bytes = try file.read(atMost: recordLength)
      guard bytes.count == recordLength else { throw .io("\(path): changed while it was read") }
      labels[record] = bytes[label]
      _ = unsafe buffer.extracting(record * width..<(record + 1) * width).update(
        fromContentsOf: bytes[labelCount...])
    }
  }
}
