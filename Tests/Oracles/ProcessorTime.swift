internal import Glibc

/// A sanitizer that the tests may be built with. The page Trust.md of the documentation describes
/// such builds.
package enum Sanitizer {
  /// Whether a sanitizer is active. The program then takes more time and memory.
  package static let isPresent = isLinked("__asan_init") || isLinked("__tsan_init")

  private static func isLinked(_ function: String) -> Bool { unsafe dlsym(nil, function) != nil }

  /// The largest factor by which a sanitizer lengthens the run time.
  fileprivate static let slowdown: Double = isPresent ? 20 : 1
}

/// The processor time of the calling thread, corrected for a sanitizer. Other tests do not lengthen
/// it.
package func threadSeconds() -> Double { seconds(of: CLOCK_THREAD_CPUTIME_ID) }

/// The processor time of this process, corrected for a sanitizer.
package func processSeconds() -> Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }

private func seconds(of clock: clockid_t) -> Double {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return (Double(time.tv_sec) + Double(time.tv_nsec) / 1e9) / Sanitizer.slowdown
}
