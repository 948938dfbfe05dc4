internal import Files
internal import YAML

/// An open file of data; its failures name it.
struct DataFile: ~Copyable {
  private let file: RegularFile
  private let path: String

  /// The most bytes a data file can have: 2 GiB.
  static let sizeLimit = 1 << 31

  init(path: String) throws(DataFailure) {
    do throws(FileFailure) {
      file = try RegularFile(path: path)
    } catch {
      throw DataFailure(error, path: path)
    }
    self.path = path
  }

  /// In bytes, when it was opened.
  var size: Int { file.size }

  /// The next bytes, at most `count` of them; fewer only at the end.
  func read(atMost count: Int) throws(DataFailure) -> [UInt8] {
    do throws(FileFailure) {
      return try file.read(atMost: count)
    } catch {
      throw DataFailure(error, path: path)
    }
  }

  /// All bytes.
  func readAll() throws(DataFailure) -> [UInt8] {
    // Above the limit no machine's memory matters.
    guard file.size > DataFile.sizeLimit || Dataset.fitsMachine(file.size) else {
      throw .io("\(path.quotable): \(file.size) bytes of memory are more than are free")
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
        .content("\(path): expected a regular file, received \(kind.rawValue)")
      case .tooLarge(let size, let limit):
        .content("\(path): expected at most \(limit) bytes, received \(size)")
      case .cannotRead(let error): .io("\(path): could not be read: \(error)")
      case .changedWhileRead: .io("\(path): changed while it was read")
      }
  }
}
