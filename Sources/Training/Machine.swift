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
  package static var processor: String {
    guard let file = unsafe fopen("/proc/cpuinfo", "r") else { return "unknown" }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 1024)
    while unsafe fgets(&line, CInt(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") {
        let name = text[text.index(after: colon)...].split(whereSeparator: \.isWhitespace)
        return name.joined(separator: " ")
      }
    }
    return "unknown"
  }

  /// The most memory that the process has had, in bytes.
  package static var peakMemory: Int {
    var usage = rusage()
    return unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0
      ? usage.ru_maxrss * 1024 : 0
  }
}
