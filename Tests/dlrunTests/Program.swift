import Files
import Foundation
import Oracles
import Testing

/// Runs the `dlrun` program that was built with these tests.
enum Program {
  /// The build folder, which contains the test program and `dlrun`.
  private static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  static var executable: String { folder.appendingPathComponent("dlrun").path }

  /// The root of the package, which contains `models`.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Returns the path of a shipped model: `models/spiral.yaml` for `spiral`.
  static func model(_ name: String) -> String { "\(package)/models/\(name).yaml" }

  struct Result {
    let output: String
    let errors: String
    let exitCode: Int32
  }

  /// Runs `dlrun` to its end.
  ///
  /// - Parameters:
  ///   - folder: the current folder.
  ///   - environment: the differences from the environment of the tests.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
  ) throws -> Result {
    try launch(executable, arguments, in: folder, environment)
  }

  /// Runs a line of shell in which `$dlrun` is the program.
  static func shell(_ line: String, in folder: TemporaryFolder) throws -> Result {
    try launch("/bin/bash", ["-c", line], in: folder, ["dlrun": executable])
  }

  /// Starts a program without Foundation's `Process`, which blocks every signal in the program. A
  /// shell could then not end its children.
  private static func launch(
    _ program: String, _ arguments: [String], in folder: TemporaryFolder,
    _ environment: [String: String]
  ) throws -> Result {
    // Files replace pipes here. A full pipe without a reader would block the program.
    let outputs = try TemporaryFolder()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    for (descriptor, name) in [(STDOUT_FILENO, "output"), (STDERR_FILENO, "errors")] {
      unsafe posix_spawn_file_actions_addopen(
        &actions, descriptor, outputs.file(name), flags, 0o644)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var child = pid_t()
    let command = ["env", "--chdir=\(folder.path)", program] + arguments
    let status = unsafe withTexts(command) { words in
      unsafe withTexts(variables.map { "\($0)=\($1)" }) { variables in
        unsafe posix_spawn(&child, "/usr/bin/env", &actions, &attributes, words, variables)
      }
    }
    try #require(status == 0, "\(program) cannot be run")
    var end: CInt = 0
    while unsafe waitpid(child, &end, 0) < 0, errno == EINTR {}
    let (text, messages) = (try outputs.text("output"), try outputs.text("errors"))
    try #require(end & 0x7F == 0, "ended by signal \(end & 0x7F): \(messages)")
    return Result(output: text, errors: messages, exitCode: end >> 8 & 0xFF)
  }

  /// Calls `body` with the texts as C strings and a final null pointer.
  private static func withTexts<Value>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Value
  ) -> Value {
    var words: [UnsafeMutablePointer<CChar>?] = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { for index in texts.indices { unsafe free(words[index]) } }
    return unsafe words.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("an empty list") }
      return unsafe body(start)
    }
  }
}
