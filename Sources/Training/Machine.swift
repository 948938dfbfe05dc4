internal import Glibc

/// The version of dlrun, as `--version` prints it and a run records it.
package enum Version {
  package static let dlrun = "0.1.0"
}

/// A clock that never goes back.
package enum MonotonicClock {
  package static var seconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// What a run records of the machine.
package enum Machine {
  /// The processor's name, as the system gives it.
  package static var processor: String { processorText("model name") }

  /// The processor's maker: `AuthenticAMD`.
  static var vendor: String { processorText("vendor_id") }

  /// What the system says of the processor under a name.
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

  /// The most memory that the process has had, in bytes.
  ///
  /// Of `getrusage` a process inherits the figure of the one that started it.
  package static var peakMemory: Int {
    (number(after: "VmHWM:", in: "/proc/self/status") ?? 0) << 10
  }

  /// The bytes that the machine can give without swapping, or that the container which the process
  /// runs in may still take, where that is less.
  package static var availableMemory: Int {
    let free = number(after: "MemAvailable:", in: "/proc/meminfo").map { $0 << 10 }
    let all = sysconf(Int32(_SC_PHYS_PAGES)) &* sysconf(Int32(_SC_PAGESIZE))
    return min(free ?? all, containerMemory ?? Int.max)
  }

  /// What is left of the limit of control group 2 or 1; nil where there is none. Files that can be
  /// read again are no memory that is taken.
  private static var containerMemory: Int? {
    let groups = [
      (folder: "/sys/fs/cgroup", limit: "memory.max", used: "memory.current"),
      (
        folder: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes",
        used: "memory.usage_in_bytes"
      ),
    ]
    for group in groups {
      guard let limit = number(after: "", in: "\(group.folder)/\(group.limit)"),
        let used = number(after: "", in: "\(group.folder)/\(group.used)")
      else { continue }
      let files = number(after: "inactive_file", in: "\(group.folder)/memory.stat") ?? 0
      return max(0, limit - max(0, used - files))
    }
    return nil
  }

  /// The number that follows `name` at the start of a line; nil if there is none.
  private static func number(after name: String, in path: String) -> Int? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while unsafe fgets(&line, CInt(line.count), file) != nil {
      let bytes = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      if name.isEmpty { return words.first.flatMap { Int($0) } }
      if words.first == name[...] { return words.dropFirst().first.flatMap { Int($0) } }
    }
    return nil
  }
}
