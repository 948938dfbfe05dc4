internal import Synchronization

/// Reports once that the system created fewer threads than requested.
package enum ThreadShortage {
  private static let observer = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// Sets the receiver of the report.
  ///
  /// - Parameter observer: receives only the message of the first shortage.
  package static func observe(_ observer: @escaping @Sendable (String) -> Void) {
    self.observer.withLock { $0 = observer }
  }

  /// Reports that work continues with `count` of the `wanted` threads. Both numbers include the
  /// calling thread.
  package static func report(count: Int, of wanted: Int) {
    let observer = self.observer.withLock { observer in
      let taken = observer
      observer = nil
      return taken
    }
    observer?(
      "the system refused to create more threads (a limit on processes or memory): "
        + "expected \(wanted), received \(count); dlrun continues with \(count), "
        + "and the results stay the same")
  }
}
