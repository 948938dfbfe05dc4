internal import Glibc

/// A sanitizer that the tests are built with, as Trust.md in the documentation says how.
package enum Sanitizer {
  /// Whether one watches this program, which takes more time and memory then.
  package static let isPresent = isLinked("__asan_init") || isLinked("__tsan_init")

  private static func isLinked(_ function: String) -> Bool { unsafe dlsym(nil, function) != nil }

  /// How many times as long a program takes, at most.
  fileprivate static let slowdown: Double = isPresent ? 20 : 1
}

/// The time that the processor has worked for the calling thread, which other tests do not lengthen, and about what it
/// would be without a sanitizer.
package func threadSeconds() -> Double { seconds(of: CLOCK_THREAD_CPUTIME_ID) }

/// The time that the processor has worked for this process, likewise.
package func processSeconds() -> Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }

private func seconds(of clock: clockid_t) -> Double {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return (Double(time.tv_sec) + Double(time.tv_nsec) / 1e9) / Sanitizer.slowdown
}
