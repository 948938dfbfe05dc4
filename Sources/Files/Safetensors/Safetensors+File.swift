package import Tensors

extension Safetensors {
  /// Reads a file.
  ///
  /// - Parameters:
  ///   - limit: the largest size in bytes.
  ///   - headerLimit: the largest size of the header in bytes. The header length is checked before
  ///     the rest is read.
  ///   - isWanted: whether to read the values of the tensor with this name and shape.
  /// - Throws: ``RunFailure`` if the file is too long, cannot be read, or violates the format.
  package init(
    path: String, upTo limit: Int, headerLimit: Int = Safetensors.headerLimit,
    reading isWanted: (String, Shape) -> Bool = { _, _ in true }
  ) throws(RunFailure) {
    let size = try InputFile.size(path)
    if size <= limit, let start = try InputFile.readStart(path, count: 8) {
      _ = try Safetensors.headerEnd(start, size: size, limit: headerLimit, name: path)
    }
    try self.init(try InputFile.read(path, upTo: limit), name: path, reading: isWanted)
  }
}
