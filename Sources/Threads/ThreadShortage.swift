internal import Synchronization

/// Tells once that the system gave fewer threads than were asked for.
package enum ThreadShortage {
  private static let report = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// - Parameter report: receives the message of the first shortage, and no other.
  package static func observe(_ report: @escaping @Sendable (String) -> Void) {
    self.report.withLock { $0 = report }
  }

  /// Says that a piece of work goes on with `count` of the `wanted` threads, the calling one included.
  package static func tell(count: Int, of wanted: Int) {
    let report = self.report.withLock { report in
      let taken = report
      report = nil
      return taken
    }
    report?(
      "the system refused to create more threads (a limit on processes or memory): expected \(wanted), "
        + "received \(count); dlrun continues with \(count), and the results stay the same")
  }
}
