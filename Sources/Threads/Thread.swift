internal import Glibc

/// A system thread. Its owner must join it exactly once.
@safe
package final class Thread: @unchecked Sendable {
  /// Creates a thread that runs a body. Returns nil if the system refuses.
  package typealias Maker = @Sendable (@escaping @Sendable () -> Void) -> Thread?

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private var handle = pthread_t()

  /// Starts a thread. Nil if the system refuses, because a limit of processes or memory is reached.
  package init?(_ body: @escaping @Sendable () -> Void) {
    let argument = unsafe Unmanaged.passRetained(Body(body))
    let status = unsafe pthread_create(
      &handle, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, argument.toOpaque())
    guard status == 0 else {
      unsafe argument.release()
      return nil
    }
  }

  package func join() { pthread_join(handle, nil) }
}
