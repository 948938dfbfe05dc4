internal import Glibc
internal import YAML

/// Runs other programs to their end.
enum ChildProcess {
  struct Result {
    let output: String
    let isSuccess: Bool
    /// The time from before the start to after the end.
    let seconds: Double
    let peakBytes: Int
  }

  /// Runs `arguments[0]`, found in PATH, and returns its standard output.
  ///
  /// - Returns: nil when the program cannot be started.
  static func run(_ arguments: [String]) -> Result? {
    var ends: [CInt] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { return nil }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    unsafe posix_spawn_file_actions_addclose(&actions, ends[0])
    unsafe posix_spawn_file_actions_addclose(&actions, ends[1])
    var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { for index in arguments.indices { unsafe free(words[index]) } }
    let start = clockSeconds()
    var child = pid_t()
    let status = unsafe posix_spawnp(&child, arguments[0], &actions, nil, &words, environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard status == 0 else { return nil }
    let output = readAll(ends[0])
    var usage = rusage()
    var exit: CInt = 0
    while unsafe wait4(child, &exit, 0, &usage) < 0, errno == EINTR {}
    return Result(
      output: output, isSuccess: exit == 0, seconds: clockSeconds() - start,
      peakBytes: usage.ru_maxrss * 1024)
  }

  private static func readAll(_ descriptor: CInt) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func clockSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
