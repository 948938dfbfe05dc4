package import Testing

extension Tag {
  /// Marks a test that takes more than two seconds in a debug build, or that has a time limit for
  /// release builds.
  ///
  /// `.ci/quick` skips such tests, and `.ci/run` runs them.
  @Tag package static var slow: Self
}
