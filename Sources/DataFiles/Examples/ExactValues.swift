internal import Tensors

/// Reads the values of a source again in double precision.
///
/// A data set keeps float32 values. When float32 cannot represent one of them, the data set also
/// keeps this reader, so that sums and subtractions use the numbers of the file. The values are not
/// kept twice in memory: a table is parsed again, and an array file is read again.
package protocol ExactValues: Sendable {
  /// Calls `body` with every value once, in runs of neighbours.
  ///
  /// A run begins at `column` of `example`. It follows the columns of that example, or the examples
  /// of that column when `followsExamples` is true. The values of one column come in the order of
  /// the examples.
  ///
  /// - Parameter body: returns false to stop reading.
  func read(_ body: ValueRunReader) throws(DataFailure)

  /// The name of a column in messages: `t.csv: column 'a'`.
  func subject(ofColumn column: Int) -> String

  /// The examples as messages name them: `in rows 2 and 3`.
  func places(ofExamples examples: [Int]) -> String
}

/// Receives a run of values. Returns false to stop reading.
package typealias ValueRunReader = (
  _ values: Span<Double>, _ example: Int, _ column: Int, _ followsExamples: Bool
) -> Bool
