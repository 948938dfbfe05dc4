/// The reason why bytes are not a valid header, and the offset of the first wrong byte.
struct HeaderMistake: Error, Equatable {
  let byte: Int
  let message: String

  init(at byte: Int, _ message: String) {
    self.byte = byte
    self.message = message
  }
}
