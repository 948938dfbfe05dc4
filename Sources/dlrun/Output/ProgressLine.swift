internal import Files
internal import Glibc
internal import ModelFiles
internal import Training
internal import YAML

/// Shows the progress of a training: one changing line on a terminal, or a plain line every ten
/// seconds.
struct ProgressLine {
  private let isQuiet: Bool
  private let isTerminal = Console.isTerminal(STDERR_FILENO)
  private let testNames: [String]
  private let start = MonotonicClock.seconds
  private var shown = MonotonicClock.seconds
  private var isOnScreen = false
  /// The seconds between two updates.
  private var pause: Double { isTerminal ? 0.1 : 10 }

  /// The assumed width of a terminal of unknown size, in columns.
  private static let usualWidth = 80

  init(isQuiet: Bool, testNames: [String]) {
    self.isQuiet = isQuiet
    self.testNames = testNames
  }

  mutating func show(_ progress: TrainingProgress) {
    // Reading the clock costs more than a step of a small network, so that most calls skip it.
    guard !isQuiet, progress.iteration & 15 == 0 else { return }
    let now = MonotonicClock.seconds
    guard now - shown >= pause else { return }
    shown = now
    let parts = parts(progress, seconds: now - start)
    if isTerminal {
      // The window may have been resized. A character in the last column would wrap the line.
      let width = (Console.columns ?? ProgressLine.usualWidth) - 1
      Console.write("\r\u{1B}[K" + TerminalLine.text(parts, width: width))
    } else {
      Console.write(parts.joined(separator: "  ") + "\n")
    }
    isOnScreen = isTerminal
  }

  /// Clears the line for other output.
  func finish() {
    if isOnScreen { Console.write("\r\u{1B}[K") }
  }

  private func parts(_ progress: TrainingProgress, seconds: Double) -> [String] {
    let rate = Double(progress.iteration) / seconds
    let left = Double(progress.iterationCount - progress.iteration) / rate
    var parts = [
      "epoch \(progress.epoch)", "iteration \(progress.iteration)/\(progress.iterationCount)",
      "loss \(progress.loss.singlePrecision)",
    ]
    for (name, value) in zip(testNames, progress.test ?? []) {
      parts.append("\(name.escapingControls) \(value.singlePrecision)")
    }
    return parts + ["\(Int(rate.rounded()))/s", "\(ProgressLine.duration(left)) left"]
  }

  /// Returns a duration as `2:05:09` or `3:07`.
  private static func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 359_999))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }
}
