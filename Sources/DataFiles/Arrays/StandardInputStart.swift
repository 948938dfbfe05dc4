internal import Files
internal import YAML

/// The first bytes of the standard input, which show whether it is an array or a table.
package struct StandardInputStart: Sendable {
  private let bytes: [UInt8]

  /// The number of bytes that are copied at once.
  private static let chunkSize = 1 << 20

  /// Takes the bytes from the standard input.
  package init() throws(DataFailure) { bytes = try DataFile.readStandardInput(atMost: 6) }

  /// Whether the standard input is a NumPy or IDX file, an archive, or a gzip stream of a file.
  package var isArray: Bool {
    ArrayFormat(bytes) != nil || bytes.starts(with: [0x1F, 0x8B])
  }

  /// Returns the standard input as a table.
  package func table() -> TableSource { .standardInput(after: bytes) }

  /// Copies the standard input to a temporary file, from which it can be read several times.
  package func copy() throws(DataFailure) -> StandardInputCopy {
    let name = TableSource.standardInputName
    let file: TemporaryFile
    do throws(SystemError) {
      file = try TemporaryFile()
    } catch {
      throw .io("\(name): a temporary file for it cannot be made: \(error)")
    }
    var (chunk, place) = (bytes, 0)
    while !chunk.isEmpty {
      do throws(SystemError) {
        try file.write(chunk, at: place)
      } catch {
        throw .io("\(name): needs space in \(file.folder.quotable): \(error)")
      }
      place += chunk.count
      chunk = try DataFile.readStandardInput(atMost: StandardInputStart.chunkSize)
    }
    return StandardInputCopy(file)
  }
}

/// A copy of the standard input in a temporary file, which exists as long as this value.
package final class StandardInputCopy: Sendable {
  private let file: TemporaryFile
  package let name = TableSource.standardInputName

  fileprivate init(_ file: TemporaryFile) { self.file = file }

  package var path: String { file.path }
}
