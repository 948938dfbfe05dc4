internal import Synchronization

/// Reports once that the system created fewer threads than requested.
package enum ThreadShortage {
  private static let report = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// Sets the receiver of the report.
  ///
  /// - Parameter report: receives only the message of the first shortage.
  package static func observe(_ report: @escaping @Sendable (String) -> Void) {
    self.report.withLock { $0 = report }
  }

  /// Reports that work continues with `count` of the `wanted` threads. Both numbers include the
  /// calling thread.
  package static func tell(count: Int, of wanted: Int) {
    let report = self.report.withLock { report in
      let taken = report
      report = nil
      return taken
    }
    report?(
      "the system refused to create more threads (a limit on processes or memory): "
        + "expected \(wanted), received \(count); dlrun continues with \(count), "
        + "and the results stay the same")
  }
}
