internal import Glibc
internal import Tensors

/// The properties of the machine that a run records.
package enum Machine {
  /// The processor's name, as `/proc/cpuinfo` gives it.
  package static var processor: String { processorText("model name") }

  /// Returns the value of a key in `/proc/cpuinfo`.
  private static func processorText(_ key: String) -> String {
    guard let file = unsafe fopen("/proc/cpuinfo", "r") else { return "unknown" }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 1024)
    while unsafe fgets(&line, CInt(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if text.hasPrefix(key), let colon = text.firstIndex(of: ":") {
        let name = text[text.index(after: colon)...].split(whereSeparator: \.isWhitespace)
        return name.joined(separator: " ")
      }
    }
    return "unknown"
  }

  /// The peak memory of the process, in bytes.
  ///
  /// The figure of `getrusage` is not used: a process inherits it from its parent.
  package static var peakMemory: Int {
    (number(after: "VmHWM:", in: "/proc/self/status") ?? 0) << 10
  }

  /// The number of bytes that this process can still allocate: see ``SystemLimits``.
  package static var availableMemory: Int { SystemLimits.current.availableMemory }

  /// The number of threads that can run at the same time: see ``SystemLimits``.
  package static var processorCount: Int { SystemLimits.current.processors }

  /// Returns the number that follows `name` at the start of a line. Nil when no line has one.
  private static func number(after name: String, in path: String) -> Int? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while unsafe fgets(&line, CInt(line.count), file) != nil {
      let bytes = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      if words.first == name[...] { return words.dropFirst().first.flatMap { Int($0) } }
    }
    return nil
  }
}
