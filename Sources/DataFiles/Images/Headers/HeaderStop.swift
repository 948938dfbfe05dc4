/// The reason why the reader of a header stops early.
enum HeaderStop: Error, Equatable {
  /// The header continues behind the bytes that were read so far.
  case needsMoreBytes
  case mistake(HeaderMistake)
  /// The header is valid, but the image exceeds a limit.
  case refused(String)
}
