internal import Glibc
internal import YAML

/// A whole file in memory.
package enum InputFile {
  /// - Parameter limit: the most bytes that are read; a longer file is refused unread.
  /// - Throws: ``RunFailure`` for what is too long, cannot be read, or is no regular file.
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

  /// The first `count` bytes; nil if the file has fewer.
  ///
  /// - Throws: ``RunFailure`` for what cannot be read, or is no regular file.
  package static func readStart(_ path: String, count: Int) throws(RunFailure) -> [UInt8]? {
    do throws(FileFailure) {
      let file = try RegularFile(path: path)
      return count <= file.size ? try file.read(atMost: count) : nil
    } catch {
      throw RunFailure(ReadFailure(error, path: path))
    }
  }

  /// Whether there is anything of that name.
  package static func exists(_ path: String) -> Bool { FileSystem.allows(F_OK, path) }

  /// How many bytes a regular file has.
  ///
  /// - Throws: ``RunFailure`` for what cannot be read, or is no regular file.
  package static func size(_ path: String) throws(RunFailure) -> Int {
    do throws(FileFailure) {
      return try RegularFile(path: path).size
    } catch {
      throw RunFailure(ReadFailure(error, path: path))
    }
  }
}
