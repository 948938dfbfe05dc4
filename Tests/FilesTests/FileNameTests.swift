import Files
import Glibc
import Oracles
import Testing
import YAML

@Suite struct FileNameTests {
  /// Bytes of a name, and its text.
  static let names: [([UInt8], String)] = [
    ([], ""), (Array("café.yaml".utf8), "café.yaml"),
    ([0x63, 0xE9], "c\u{10FEE9}"), ([0xFF], "\u{10FEFF}"), ([0x80, 0x41], "\u{10FE80}A"),
    // A truncated character, a surrogate, an overlong form, and a code beyond Unicode.
    ([0xC3], "\u{10FEC3}"), ([0xED, 0xA0, 0x80], "\u{10FEED}\u{10FEA0}\u{10FE80}"),
    ([0xC0, 0xAF], "\u{10FEC0}\u{10FEAF}"),
    ([0xF5, 0x80, 0x80, 0x80], "\u{10FEF5}\u{10FE80}\u{10FE80}\u{10FE80}"),
    // A name that contains a scalar reserved for bytes is converted byte by byte.
    (Array("\u{10FEE9}".utf8), "\u{10FEF4}\u{10FE8F}\u{10FEBB}\u{10FEA9}"),
    (Array("a\u{10FFFF}b".utf8), "a\u{10FFFF}b"), (Array("日本 🙂".utf8) + [0xB1], "日本 🙂\u{10FEB1}"),
  ]

  @Test(arguments: names) func survivesTheWayThereAndBack(bytes: [UInt8], text: String) {
    let name = String(fileName: bytes)
    #expect(Array(name.utf8) == Array(text.utf8))
    #expect(name.fileNameBytes == bytes)
  }

  @Test func everyPairOfBytesSurvives() {
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        let bytes = [first, second, 0x41]
        guard String(fileName: bytes).fileNameBytes != bytes else { continue }
        Issue.record("\(bytes)")
      }
    }
  }

  @Test func messagesShowTheBytes() {
    #expect(String(fileName: [0x63, 0xE9, 0x0A]).quotable == "c\\xE9\\n")
    #expect("\u{E000}\u{10FFFD}".quotable == "\u{E000}\u{10FFFD}")
  }

  /// All system calls find the file by the same bytes.
  @Test func callsTakeTheBytes() throws {
    let scratch = try TemporaryFolder()
    defer { withExtendedLifetime(scratch) {} }
    let folder = scratch.path
    let path = "\(folder)/" + String(fileName: [0x61, 0xFE])
    let descriptor = FileSystem.open(path, O_WRONLY | O_CREAT)
    try #require(descriptor >= 0)
    close(descriptor)
    #expect(FileSystem.names(in: folder) == [String(fileName: [0x61, 0xFE])])
    let raw = Array("\(folder)/a".utf8CString.dropLast()) + [CChar(bitPattern: 0xFE), 0]
    let isThere = unsafe access(raw, F_OK)
    #expect(isThere == 0)
    #expect(FileSystem.status(of: path)?.kind == .file)
    #expect(FileSystem.realPath(path) == path)
    let other = "\(folder)/" + String(fileName: [0x62, 0xFD])
    #expect(FileSystem.makeLink(other, to: path))
    #expect(FileSystem.target(of: other) == path)
    #expect(FileSystem.remove(other))
    #expect(FileSystem.addName(other, to: path) && !FileSystem.addName(other, to: path))
    #expect(FileSystem.status(of: other)?.number == FileSystem.status(of: path)?.number)
    #expect(FileSystem.rename(other, to: path) && FileSystem.remove(path))
    #expect(FileSystem.remove(other) && FileSystem.names(in: folder).isEmpty)
    #expect(FileSystem.makeFolder(path) && FileSystem.removeFolder(path))
  }
}
