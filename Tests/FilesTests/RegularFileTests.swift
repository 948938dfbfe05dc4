import Files
import Glibc
import Oracles
import Testing
import YAML

/// Tests reading by path. Each test has its own folder.
@Suite final class RegularFileTests {
  private let scratch: TemporaryFolder
  private var folder: String { scratch.path }

  init() throws { scratch = try TemporaryFolder() }

  /// The message for an unreadable file. Nil if the file can be read.
  private func failure(_ path: String) -> String? {
    do {
      _ = try Node.read(path: path)
      return nil
    } catch {
      guard case .io(let message) = error else { return "content" }
      return message
    }
  }

  @Test func readsAFile() throws {
    let path = try scratch.write(Array("a: [1, 2]\n".utf8), to: "a.yaml")
    let node = try Node.read(path: path)
    #expect(node.outline == #"{"a": [1, 2]}"#)
    #expect(node["a"]?.mark.description == "\(path):1:4")
    unsafe symlink(path, "\(folder)/link")
    #expect(try Node.read(path: "\(folder)/link").outline == node.outline)
  }

  @Test func wrongContentIsNoFailureOfReading() throws {
    let path = try scratch.write(Array("a: 1\na: 2\n".utf8), to: "a.yaml")
    do {
      _ = try Node.read(path: path)
      Issue.record("read")
    } catch {
      guard case .content(let diagnostics) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(diagnostics.rendered.hasPrefix("\(path):2:1: error: duplicate key 'a'\n"))
    }
  }

  @Test func whatIsNoRegularFileIsRefused() throws {
    #expect(
      failure("\(folder)/none") == "cannot read '\(folder)/none': No such file or directory")
    #expect(failure(folder) == "cannot read '\(folder)': it is a folder")
    #expect(failure("/dev/zero") == "cannot read '/dev/zero': it is not a regular file")
    #expect(failure("") == "cannot read '': No such file or directory")
    #expect(
      failure("a\0b") == "cannot read 'a\\u{0}b': a file name cannot contain a NUL character")
    #expect(unsafe mkfifo("\(folder)/pipe", 0o600) == 0)
    #expect(failure("\(folder)/pipe") == "cannot read '\(folder)/pipe': it is not a regular file")
  }

  @Test(.enabled(if: geteuid() != 0)) func whatMayNotBeReadIsRefused() throws {
    let path = try scratch.write([UInt8](), to: "a.yaml")
    unsafe chmod(path, 0)
    #expect(failure(path) == "cannot read '\(path)': Permission denied")
  }

  @Test func sixteenMegabytesAreRead() throws {
    let limit = Limits.textBytes
    let path = try scratch.write(
      Array("a: 1 #".utf8) + [UInt8](repeating: 0x78, count: limit - 6), to: "a.yaml")
    #expect(try Node.read(path: path).outline == #"{"a": 1}"#)
    unsafe truncate(path, limit + 1)
    do {
      _ = try Node.read(path: path)
      Issue.record("read")
    } catch {
      guard case .content(let diagnostics) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(
        diagnostics.rendered
          == "\(path): error: the file has 16777217 bytes; at most 16777216 are allowed"
      )
    }
  }

}
