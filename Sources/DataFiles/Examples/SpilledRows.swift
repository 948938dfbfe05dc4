internal import Files
internal import YAML

/// Examples of numbers in a temporary file, for a table that is larger than its share of the memory.
package final class SpilledRows: ExampleReader {
  private let file: TemporaryFile
  private let source: String
  private let width: Int
  package let count: Int

  package var hasOneShape: Bool { true }
  package var isExact: Bool { false }

  /// Writes the numbers of some examples. Returns false when that failed.
  package typealias Writer = (_ numbers: Span<Double>) -> Bool

  /// Writes examples to a temporary file.
  ///
  /// - Parameters:
  ///   - source: the file of the examples, for messages.
  ///   - width: the numbers of an example.
  ///   - write: writes all examples, in order. It stops when its writer returns false.
  /// - Throws: a failure of `write`, or when the temporary file cannot be written.
  package init(
    of source: String, width: Int, _ write: (Writer) throws(DataFailure) -> Void
  ) throws(DataFailure) {
    self.source = source
    self.width = width
    let file: TemporaryFile
    do throws(SystemError) {
      file = try TemporaryFile()
    } catch {
      throw .io("\(source.quotable): a temporary file for its rows cannot be made: \(error)")
    }
    var written = 0
    var failure: SystemError?
    try write { numbers in
      do throws(SystemError) {
        try file.write(numbers, at: written)
        written += numbers.count
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure {
      throw .io("\(source.quotable): its rows need space in \(file.folder.quotable): \(failure)")
    }
    self.file = file
    count = written / max(1, width)
  }

  package func name(of index: Int) -> String { "\(source.quotable): example \(index)" }

  package func makeCursor() -> any ExampleCursor { Cursor(rows: self) }

  private final class Cursor: ExampleCursor {
    private let rows: SpilledRows
    private var numbers: [Double] = []

    init(rows: SpilledRows) { self.rows = rows }

    func checksum(of index: Int) throws(DataFailure) -> UInt64 {
      try readNumbers(index, into: &numbers)
      var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
      for place in 0..<rows.width {
        hash = (hash ^ numbers[place].bitPattern) &* 0x9FB2_1C65_1E98_DF25
        hash ^= hash >> 29
      }
      return hash
    }

    func readNumbers(_ index: Int, into numbers: inout [Double]) throws(DataFailure) {
      let width = rows.width
      if numbers.count < width { numbers = [Double](repeating: 0, count: width) }
      var span = numbers.mutableSpan
      var part = span._mutatingExtracting(0..<width)
      do throws(SystemError) {
        try rows.file.read(&part, at: index * width)
      } catch {
        throw .io("\(rows.source.quotable): its temporary file cannot be read: \(error)")
      }
    }

    func read(
      _ index: Int, _ fit: ImageFit?, into values: inout ExampleValues
    ) throws(DataFailure) {
      try readNumbers(index, into: &numbers)
      values.reshape(channels: 1, height: 1, width: rows.width)
      values.withMutableValues { span in
        for place in span.indices { span[place] = Float(numbers[place]) }
      }
    }
  }
}
