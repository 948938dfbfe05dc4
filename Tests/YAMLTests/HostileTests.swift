import Glibc
import Oracles
import Testing
import YAML

/// Reads hostile texts of 16 MB. Each is answered, with rendered messages, within three seconds and
/// 200 MB.
///
/// Each text is read in its own process, so that its memory can be measured separately.
@Suite(.serialized) struct HostileTests {
  struct Text: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: @Sendable () -> [UInt8]

    init(_ name: String, _ bytes: @escaping @Sendable () -> [UInt8]) {
      testDescription = name
      self.bytes = bytes
    }

    /// `unit` repeated between `start` and `end`, 16 MB in total.
    init(_ name: String, start: String = "", _ unit: String, end: String = "") {
      self.init(name) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Limits.textBytes)
        bytes += start.utf8
        let unit = Array(unit.utf8)
        while bytes.count + unit.count + end.utf8.count <= Limits.textBytes { bytes += unit }
        return bytes + end.utf8
      }
    }
  }

  static let texts: [Text] = [
    Text("brackets", "["), Text("braces", "{"), Text("nested mappings", "{a: "),
    Text("nested lists", "- "), Text("nested keys", "? "), Text("colons", ": "),
    Text("anchors of anchors", "&a &b "), Text("tags of tags", "!a "),
    Text("a long tag", start: "!<", "a", end: "> x"),
    Text("a long anchor", start: "&", "a", end: " x"),
    Text("a long alias", start: "*", "a"), Text("a long directive", start: "%", "a"),
    Text("a long comment", start: "#", "x"), Text("comments", "#\n"),
    Text("blanks", " "), Text("line breaks", "\n"), Text("tabs", "\t"), Text("CR LF", "\r\n"),
    Text("a plain scalar", "a"), Text("plain words", "a b "), Text("plain lines", "a\n"),
    Text("a quoted scalar", start: "\"", "a", end: "\""), Text("an open quote", start: "\"", "a"),
    Text("escapes", start: "\"", "\\n", end: "\""),
    Text("single quotes", start: "'", "''", end: "'"),
    Text("a block scalar", start: "|\n", " a\n"), Text("a folded scalar", start: ">\n", " a\n\n"),
    Text(
      "a long run of blanks", start: "\"a\(String(repeating: " ", count: 1 << 20))", "b ", end: "\""
    ),
    Text("runs of blanks", start: "\"a\(String(repeating: " ", count: 250))", "b ", end: "\""),
    Text("items", "- a\n"), Text("empty items", "- \n"),
    Text("flow items", start: "[", "a,", end: "]"),
    Text("texts of 16 bytes", start: "[", "aaaaaaaaaaaaaaaa,", end: "]"),
    Text("small mappings", "- {a: b}\n"), Text("pairs in a list", start: "[", "a: b,", end: "]"),
    Text("duplicate keys", "a: 1\n"),
    Text("duplicate keys in one line", start: "{", "a,", end: "}"),
    Text("undefined aliases", "- *a\n"),
    Text("undefined aliases in one line", start: "[", "*a,", end: "]"),
    Text("complex keys", start: "[", "[a]: b,", end: "]"), Text("documents", "--- a\n"),
    Text("document ends", start: "a\n", "...\n"), Text("directives", "%TAG !a! b\n"),
    Text("combining marks", start: "\"a", "\u{301}\u{316}", end: "\""),
    Text("NUL") { [UInt8](repeating: 0, count: Limits.textBytes) },
    Text("no UTF-8") { [UInt8](repeating: 0xFF, count: Limits.textBytes) },
    Text("control characters", start: "a: \(String(repeating: "\u{1}", count: 19))", "x"),
    Text("UTF-16") {
      [0xFF, 0xFE] + (0..<(Limits.textBytes - 2)).map { $0.isMultiple(of: 2) ? 0x57 : 0x5B }
    },
    Text("no UTF-16") {
      [0xFF, 0xFE] + (0..<(Limits.textBytes - 2)).map { $0.isMultiple(of: 2) ? 0x00 : 0xD8 }
    },
    Text("distinct keys") {
      Array((0..<499_999).map { "key\(1_000_000_000_000_000 + $0): 1\n" }.joined().utf8)
    },
    Text("distinct directives") {
      Array(((0..<900_000).map { "%TAG !a\($0)! b\n" }.joined() + "--- a").utf8)
    },
    Text("distinct anchors") { Array((0..<999_998).map { "- &a\($0) x\n" }.joined().utf8) },
    Text("misspelt aliases") {
      let anchors = (0..<2000).map { "- &anchor\($0) x\n" }.joined()
      return Array((anchors + String(repeating: "- *anchro7\n", count: 900_000)).utf8)
    },
    Text("laughs") {
      let levels = (1..<1000).map { level in
        "a\(level): &a\(level) [\(String(repeating: "*a\(level - 1),", count: 1000))]\n"
      }
      return Array(("a0: &a0 x\n" + levels.joined()).utf8)
    },
    Text("merges") {
      let levels = (1..<1000).map { level in
        "a\(level): &a\(level) {<<: [\(String(repeating: "*a\(level - 1),", count: 100))]}\n"
      }
      return Array(("a0: &a0 {a: 1, b: 2}\n" + levels.joined()).utf8)
    },
    Text("numbers") { Array((0..<999_998).map { "- \($0)e-7\n" }.joined().utf8) },
  ]

  @Test(.tags(.slow), arguments: texts.indices) func isAnsweredSoon(_ index: Int) async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) { [index] in
      let bytes = HostileTests.texts[index].bytes()
      let before = memory("VmRSS") - bytes.count
      forgetPeak()
      let start = processSeconds()
      let message = mistakes(in: bytes)
      let seconds = processSeconds() - start
      let used = memory("VmHWM") - before
      print("figures", seconds, used >> 20, bytes.count, message.utf8.count)
      fflush(nil)
    }
    let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
    let line = try #require(output.split(separator: "\n").first { $0.hasPrefix("figures ") })
    let figures = try line.split(separator: " ").dropFirst().map { try #require(Double($0)) }
    #expect(figures[0] < 3, "seconds of processor time")
    #expect(figures[1] < 200 || Sanitizer.isPresent, "megabytes, the text included")
    #expect(figures[2] <= Double(Limits.textBytes))
    #expect(figures[3] < 1e6, "bytes of messages")
  }
}

/// The value of a line of `/proc/self/status` that counts kilobytes, in bytes.
private func memory(_ name: String) -> Int {
  let descriptor = unsafe open("/proc/self/status", O_RDONLY)
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 8192)
  let count = unsafe read(descriptor, &bytes, bytes.count)
  for line in String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
  where line.hasPrefix(name + ":") {
    return (Int(line.filter(\.isNumber)) ?? 0) << 10
  }
  return 0
}

/// Resets `VmHWM`, the peak memory of the process.
private func forgetPeak() {
  let descriptor = unsafe open("/proc/self/clear_refs", O_WRONLY)
  unsafe write(descriptor, "5", 1)
  close(descriptor)
}
