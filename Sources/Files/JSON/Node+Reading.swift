package import YAML

extension Node {
  /// Reads a file that contains one document.
  ///
  /// Only regular files are opened, since reading a pipe or a device might never end. A file of
  /// more than 16 MB is refused without reading it.
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
