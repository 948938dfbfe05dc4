/// Reads the examples of one tensor on demand, for data that do not lie in memory.
package protocol ExampleReader: Sendable {
  /// The number of examples.
  var count: Int { get }

  /// Whether all examples have one shape. Image files may have different sizes.
  var hasOneShape: Bool { get }

  /// Whether float32 represents every number of the source exactly.
  var isExact: Bool { get }

  /// Returns the name of an example in messages: its file.
  func name(of index: Int) -> String

  /// Makes a cursor. Each thread reads with a cursor of its own.
  func makeCursor() -> any ExampleCursor
}
