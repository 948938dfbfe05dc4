/// The memory and the open files with which one thread reads examples.
package protocol ExampleCursor: AnyObject {
  /// Returns a checksum that differs for different examples, without decoding the example.
  ///
  /// - Throws: a failure that names the file.
  func checksum(of index: Int) throws(DataFailure) -> UInt64

  /// Reads the numbers of an example in double precision, for a reader whose float32 numbers are not
  /// exact.
  ///
  /// - Parameter numbers: gets the numbers at its start.
  /// - Throws: a failure that names the file.
  func readNumbers(_ index: Int, into numbers: inout [Double]) throws(DataFailure)

  /// Reads an example.
  ///
  /// - Parameters:
  ///   - index: the number of the example, below the reader's `count`.
  ///   - fit: resizes and crops an image while it is decoded. Nil keeps its size. A reader of
  ///     tensors of one shape ignores it.
  ///   - values: gets the values.
  /// - Throws: a failure that names the file.
  func read(
    _ index: Int, _ fit: ImageFit?, into values: inout ExampleValues
  ) throws(DataFailure)
}

/// Returns the change of an image of a size. Nil when the image is too small for its crop.
package typealias ImageFit = (PixelSize) -> ImageGeometry?
