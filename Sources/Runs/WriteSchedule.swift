/// When a training writes what only the time asks for: rows of the history, and automatic checkpoints.
///
/// The clock decides when something is written, and never what. A look at it costs more than the step of a small
/// network, so that fast steps share one.
struct WriteSchedule {
  /// Seconds between two automatic checkpoints.
  static let snapshotPause = 600.0
  /// Seconds between two writes of the history. With the pause between two looks they stay below one.
  private static let historyPause = 0.5
  /// The most steps between two looks.
  private static let longestStride = 16

  private let clock: @Sendable () -> Double
  private var lastHistory: Double
  private var lastSnapshot: Double
  private var lastLook: Double
  private var stride = 1
  private var left = 1

  /// - Parameter clock: seconds since any time.
  init(_ clock: @escaping @Sendable () -> Double) {
    self.clock = clock
    lastLook = clock()
    (lastHistory, lastSnapshot) = (lastLook, lastLook)
  }

  /// Looks at the clock, unless it is too soon for that. To be called after each step.
  mutating func look() {
    left -= 1
    guard left <= 0 else { return }
    let now = clock()
    let elapsed = now - lastLook
    if elapsed > 0.1 {
      stride = 1
    } else if elapsed < 0.01 {
      stride = min(2 * stride, WriteSchedule.longestStride)
    }
    (lastLook, left) = (now, stride)
  }

  /// Whether rows of the history have waited long enough.
  var isHistoryDue: Bool { lastLook - lastHistory >= WriteSchedule.historyPause }

  /// Whether the last checkpoint is so long ago that another one is due.
  var isSnapshotDue: Bool { lastLook - lastSnapshot >= WriteSchedule.snapshotPause }

  mutating func noteHistory() { lastHistory = lastLook }

  mutating func noteSnapshot() { lastSnapshot = lastLook }
}
