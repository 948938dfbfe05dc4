/// Decides by the clock when a training writes history rows and automatic checkpoints.
///
/// The clock determines the times of writing, but never the content. Reading the clock costs more
/// than a step of a small network, so several fast steps share one reading.
struct WriteSchedule {
  /// The seconds between two automatic checkpoints.
  static let snapshotPause = 600.0
  /// The seconds between two writes of the history. Together with the time between two clock
  /// readings, this is less than one second.
  private static let historyPause = 0.5
  /// The most steps between two clock readings.
  private static let longestStride = 16

  private let clock: @Sendable () -> Double
  private var lastHistory: Double
  private var lastSnapshot: Double
  private var lastLook: Double
  private var stride = 1
  private var left = 1

  /// - Parameter clock: Returns the seconds since an arbitrary time.
  init(_ clock: @escaping @Sendable () -> Double) {
    self.clock = clock
    lastLook = clock()
    (lastHistory, lastSnapshot) = (lastLook, lastLook)
  }

  /// Reads the clock, unless it is too early for that. Call it after each step.
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

  /// Whether another automatic checkpoint is due.
  var isSnapshotDue: Bool { lastLook - lastSnapshot >= WriteSchedule.snapshotPause }

  mutating func noteHistory() { lastHistory = lastLook }

  mutating func noteSnapshot() { lastSnapshot = lastLook }
}
