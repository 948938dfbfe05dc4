import Foundation
import Testing

/// `dlrun` as it was built beside these tests, run as its users run it.
enum Program {
  /// The folder of the build: the test program lies in it, and so does `dlrun`.
  private static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  static var executable: String { folder.appendingPathComponent("dlrun").path }

  /// The top of the package, which holds `models`.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// The path of a shipped model: `spiral` is `models/spiral.yaml`.
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
  ///   - environment: what differs from that of the tests.
  static func run(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:]
  ) throws -> Result {
    try launch(executable, arguments, in: folder, environment)
  }

  /// Runs a line of shell in which `$dlrun` is the program.
  static func shell(_ line: String, in folder: Folder) throws -> Result {
    try launch("/bin/bash", ["-c", line], in: folder, ["dlrun": executable])
  }

  private static func launch(
    _ program: String, _ arguments: [String], in folder: Folder, _ environment: [String: String]
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    // Files, since a pipe that nobody empties would stop the program.
    let outputs = try Folder()
    let (output, errors) = (try outputs.create("output"), try outputs.create("errors"))
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    let (text, messages) = (try outputs.read("output"), try outputs.read("errors"))
    try #require(process.terminationReason == .exit, "\(messages)")
    return Result(output: text, errors: messages, exitCode: process.terminationStatus)
  }
}

/// A temporary folder, removed with its content when nobody holds it any more.
final class Folder: Sendable {
  let path: String

  init() throws {
    let name = "dlrun-tests-\(UUID().uuidString)"
    path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func create(_ name: String) throws -> FileHandle {
    try write("", to: name)
    return try FileHandle(forWritingTo: URL(fileURLWithPath: file(name)))
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: file(name), withIntermediateDirectories: true)
  }

  func read(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: file(name)))
  }

  func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  /// The names in the folder and in those below, sorted.
  func names() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
  }
}
