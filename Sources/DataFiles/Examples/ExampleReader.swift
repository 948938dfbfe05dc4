/// Reads the examples of one tensor on demand, for data that do not lie in memory.
package protocol ExampleReader: Sendable {
  /// The number of examples.
  var count: Int { get }

  /// Returns the name of an example in messages: its file.
  func name(of index: Int) -> String

  /// Returns a checksum that differs for different examples, without decoding the example.
  ///
  /// - Throws: a failure that names the file.
  func checksum(of index: Int) throws(DataFailure) -> UInt64

  /// Makes a cursor. Each thread reads with a cursor of its own.
  func makeCursor() -> any ExampleCursor
}
