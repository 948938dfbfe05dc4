internal import YAML

/// The figures of one process, dlrun's or a peer's.
struct Measurement: Sendable {
  let peer: String
  let stepsPerSecond: Double
  let peakMegabytes: Double
  let startSeconds: Double
  let totalSeconds: Double

  /// Reads the line of JSON that a process prints last. Nil when the line is something else.
  init?(line: String) {
    guard let node = try? Node.parse(Array(line.utf8), name: "measurement") else { return nil }
    func number(_ key: String) -> Double {
      switch node[key]?.scalar?.resolved {
      case .integer(let value): Double(value)
      case .number(let value): value
      default: .nan
      }
    }
    guard let peer = node["peer"]?.scalar?.text else { return nil }
    let mode = node["mode"]?.scalar?.text
    self.peer = mode.map { "\(peer) \($0)" } ?? peer
    stepsPerSecond = number("steps_per_s")
    peakMegabytes = number("peak_rss_mb")
    startSeconds = number("startup_s")
    totalSeconds = number("total_s")
  }
}
