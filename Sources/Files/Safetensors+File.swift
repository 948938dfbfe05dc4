package import Tensors

extension Safetensors {
  /// Reads a file.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that it may have.
  ///   - headerLimit: the most bytes of its header, which is looked at before the rest is read.
  ///   - isWanted: whether a tensor's values are read, by its name and shape.
  /// - Throws: ``RunFailure`` for a file that is too long, cannot be read, or breaks the format.
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
