package import YAML

extension Node {
  /// Reads the one document of a file.
  ///
  /// Only regular files are opened: a pipe or a device might never end. A file of more than 16 MB
  /// is refused before any of it is read.
  package static func read(path: String) throws(ReadFailure) -> Node {
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try RegularFile(path: path).readAll(upTo: Limits.textBytes)
    } catch {
      throw ReadFailure(error, path: path)
    }
    do throws(Diagnostics) {
      return try parse(bytes, name: path)
    } catch {
      throw .content(error)
    }
  }
}
