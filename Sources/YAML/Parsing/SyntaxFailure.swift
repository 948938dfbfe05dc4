/// A syntax error, in libyaml's words.
struct SyntaxFailure: Error {
  let problem: String
  let position: Position
  /// The construct that libyaml was reading when it failed. `contextPosition` is where that
  /// construct begins.
  let context: String?
  let contextPosition: Position
}
