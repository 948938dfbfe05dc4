import DataFiles
import DataSources
import Foundation
import Oracles
import Testing

@Suite struct DataFileTests {
  @Test func fileIsReadWhole() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<100_000).map { "\($0)" }
    let path = try folder.write("a\n" + rows.joined(separator: "\n"), to: "t.csv")
    let table = try TableReader(TableSource(path: path)).read([ColumnRequest(0, .number())])
    #expect(table.rowCount == 100_000)
    #expect(table.columns[0].values[99_999] == 99_999)
  }

  @Test func missingFileIsAFailureOfTheSystem() throws {
    let folder = try TemporaryFolder()
    #expect(
      failure { () throws(DataFailure) in try TableSource(path: "\(folder.path)/none.csv") }
        == .io("\(folder.path)/none.csv: expected a readable file: No such file or directory"))
  }

  @Test func whatIsNoRegularFileIsRefusedUnread() throws {
    let folder = try TemporaryFolder()
    let pipe = "\(folder.path)/pipe"
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    for (path, kind) in [(folder.path, "a folder"), (pipe, "a pipe"), ("/dev/zero", "a device")] {
      #expect(
        failure { () throws(DataFailure) in try TableSource(path: path) }
          == .content("\(path): expected a regular file, received \(kind)"))
    }
  }

  @Test func pathWithNulIsRefused() {
    #expect(
      failure { () throws(DataFailure) in try TableSource(path: "a\0b") }
        == .content("a\\u{0}b: expected a path without NUL characters"))
  }
}
