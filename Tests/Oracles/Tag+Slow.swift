package import Testing

extension Tag {
  /// Takes more than two seconds in a debug build, or bounds a time that a debug build exceeds.
  ///
  /// `.ci/quick` skips such tests, and `.ci/run` runs them.
  @Tag package static var slow: Self
}
