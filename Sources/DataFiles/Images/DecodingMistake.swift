/// The reason why a library could not decode an image.
struct DecodingMistake: Error {
  /// The reason as the library states it.
  let reason: String
  /// The number of bytes that the library read before.
  let byte: Int
  /// Whether memory was missing. Otherwise the file is damaged.
  let isMemory: Bool
}
