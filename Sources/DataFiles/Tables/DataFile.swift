internal import Files
internal import YAML

/// An open data file whose failures name it.
struct DataFile: ~Copyable {
  private let file: RegularFile
  private let path: String

  /// The greatest size of a data file in bytes: 2 GiB.
  static let sizeLimit = 1 << 31

  /// Opens a file.
  ///
  /// - Parameter name: the file's name in messages. Nil for its path.
  init(path: String, name: String? = nil) throws(DataFailure) {
    do throws(FileFailure) {
      file = try RegularFile(path: path)
    } catch {
      throw DataFailure(error, path: name ?? path)
    }
    self.path = name ?? path
  }

  /// The size in bytes when the file was opened.
  var size: Int { file.size }

  /// Reads the next bytes, at most `count`. Fewer bytes mean the end of the file.
  func read(atMost count: Int) throws(DataFailure) -> [UInt8] {
    do throws(FileFailure) {
      return try file.read(atMost: count)
    } catch {
      throw DataFailure(error, path: path)
    }
  }

  /// Reads the bytes from `offset` on, at most `count`. Fewer bytes mean the end of the file.
  func read(atMost count: Int, from offset: Int) throws(DataFailure) -> [UInt8] {
    do throws(FileFailure) {
      return try file.read(atMost: count, from: offset)
    } catch {
      throw DataFailure(error, path: path)
    }
  }

  /// Writes `prefix` and the bytes from `offset` on, at most `count`, to the start of `memory`.
  ///
  /// - Returns: the number of bytes with the prefix. Fewer than possible mean the end of the file.
  func read(
    atMost count: Int, from offset: Int, after prefix: [UInt8], into memory: inout [UInt8]
  ) throws(DataFailure) -> Int {
    do throws(FileFailure) {
      return try file.read(atMost: count, from: offset, after: prefix, into: &memory)
    } catch {
      throw DataFailure(error, path: path)
    }
  }

  /// Reads the next bytes of the standard input, at most `count`. Fewer bytes mean the end.
  static func readStandardInput(atMost count: Int) throws(DataFailure) -> [UInt8] {
    do throws(FileFailure) {
      return try StandardInput.read(atMost: count)
    } catch {
      throw DataFailure(error, path: TableSource.standardInputName)
    }
  }

  /// Reads all bytes.
  func readAll() throws(DataFailure) -> [UInt8] {
    // For a file above the limit, reading fails with the message about the limit.
    guard file.size > DataFile.sizeLimit || DataLimits.fitsMemory(file.size) else {
      throw .io("\(path.quotable): needs \(file.size) bytes of memory, more than are free")
    }
    do throws(FileFailure) {
      return try file.readAll(upTo: DataFile.sizeLimit)
    } catch {
      throw DataFailure(error, path: path)
    }
  }
}

extension DataFailure {
  fileprivate init(_ failure: FileFailure, path: String) {
    let path = path.quotable
    self =
      switch failure {
      case .nulInName: .content("\(path): expected a path without NUL characters")
      case .cannotOpen(let error): .io("\(path): expected a readable file: \(error)")
      case .notRegular(let kind):
        .content("\(path): expected a regular file, received \(kind.phrase)")
      case .tooLarge(let size, let limit):
        .content("\(path): expected at most \(limit) bytes, received \(size)")
      case .cannotRead(let error): .io("\(path): could not be read: \(error)")
      case .changedWhileRead: .io("\(path): changed while it was read")
      }
  }
}
