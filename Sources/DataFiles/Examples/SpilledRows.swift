internal import Files
internal import YAML

/// Examples of float32 numbers in a temporary file, for a table that is larger than its share of the
/// memory.
package final class SpilledRows: ExampleReader {
  private let file: TemporaryFile
  private let source: String
  private let width: Int
  package let count: Int

  package var hasOneShape: Bool { true }

  /// Writes examples to a temporary file.
  ///
  /// - Parameters:
  ///   - source: the file of the examples, for messages.
  ///   - width: the values of an example.
  ///   - next: returns the values of the next examples, or nil after the last one.
  /// - Throws: a failure of `next`, or when the temporary file cannot be written.
  package init(
    of source: String, width: Int, _ next: () throws(DataFailure) -> ExampleStorage?
  ) throws(DataFailure) {
    self.source = source
    self.width = width
    var written = 0
    do throws(SystemError) {
      file = try TemporaryFile()
    } catch {
      throw .io("\(source.quotable): a temporary file for its rows cannot be made: \(error)")
    }
    while let part = try next() {
      var failure: SystemError?
      let start = written
      try part.forEachPiece { [file] values, place in
        do throws(SystemError) {
          try file.write(values, at: start + place)
          return true
        } catch {
          failure = error
          return false
        }
      }
      if let failure {
        throw .io(
          "\(source.quotable): its rows need more space in \(file.folder.quotable): \(failure)")
      }
      written += part.count
    }
    count = written / max(1, width)
  }

  package func name(of index: Int) -> String { "\(source.quotable): example \(index)" }

  package func makeCursor() -> any ExampleCursor { Cursor(rows: self) }

  private final class Cursor: ExampleCursor {
    private let rows: SpilledRows
    private var values = ExampleValues()

    init(rows: SpilledRows) { self.rows = rows }

    func checksum(of index: Int) throws(DataFailure) -> UInt64 {
      try read(index, nil, into: &values)
      return values.withValues { span in
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        for place in span.indices {
          hash = (hash ^ UInt64(span[place].bitPattern)) &* 0x9FB2_1C65_1E98_DF25
          hash ^= hash >> 29
        }
        return hash
      }
    }

    func read(
      _ index: Int, _ fit: ImageFit?, into values: inout ExampleValues
    ) throws(DataFailure) {
      let (file, width) = (rows.file, rows.width)
      values.reshape(channels: 1, height: 1, width: width)
      let failure = values.withMutableValues { span -> SystemError? in
        do throws(SystemError) {
          try file.read(&span, at: index * width)
          return nil
        } catch {
          return error
        }
      }
      if let failure {
        throw .io("\(rows.source.quotable): its temporary file cannot be read: \(failure)")
      }
    }
  }
}
