internal import Glibc
internal import YAML

/// Reads input files into memory.
package enum InputFile {
  /// Reads a whole file.
  ///
  /// - Parameter limit: the largest number of bytes. A longer file is refused without reading it.
  /// - Throws: ``RunFailure`` if the file is too long, cannot be read, or is not a regular file.
  package static func read(_ path: String, upTo limit: Int) throws(RunFailure) -> [UInt8] {
    do throws(FileFailure) {
      return try RegularFile(path: path).readAll(upTo: limit)
    } catch {
      if case .tooLarge = error {
        throw .refusedInput("\(path.quotable): expected at most \(limit) bytes")
      }
      throw RunFailure(ReadFailure(error, path: path))
    }
  }

  /// Reads the first `count` bytes. Nil if the file has fewer.
  ///
  /// - Throws: ``RunFailure`` if the file cannot be read or is not a regular file.
  package static func readStart(_ path: String, count: Int) throws(RunFailure) -> [UInt8]? {
    do throws(FileFailure) {
      let file = try RegularFile(path: path)
      return count <= file.size ? try file.read(atMost: count) : nil
    } catch {
      throw RunFailure(ReadFailure(error, path: path))
    }
  }

  /// Whether a file or folder with that name exists.
  package static func exists(_ path: String) -> Bool { FileSystem.allows(F_OK, path) }

  /// The size of a regular file in bytes.
  ///
  /// - Throws: ``RunFailure`` if the file cannot be read or is not a regular file.
  package static func size(_ path: String) throws(RunFailure) -> Int {
    do throws(FileFailure) {
      return try RegularFile(path: path).size
    } catch {
      throw RunFailure(ReadFailure(error, path: path))
    }
  }
}
