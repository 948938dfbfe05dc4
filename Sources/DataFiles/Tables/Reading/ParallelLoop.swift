/// Shares independent pieces of work among threads.
package struct ParallelLoop: Sendable {
  /// Runs `body` for every index below `count`, and returns after all of them.
  ///
  /// `meanwhile` runs once, on the calling thread, while other threads begin with the pieces.
  package typealias Run =
    @Sendable (_ count: Int, _ body: @escaping @Sendable (Int) -> Void, _ meanwhile: () -> Void)
    -> Void

  /// The greatest number of pieces that run at the same time.
  package let width: Int
  package let run: Run

  package init(width: Int, _ run: @escaping Run) {
    self.width = max(1, width)
    self.run = run
  }

  /// Runs all pieces on the calling thread.
  package static let serial = ParallelLoop(width: 1) { count, body, meanwhile in
    meanwhile()
    for index in 0..<count { body(index) }
  }
}
