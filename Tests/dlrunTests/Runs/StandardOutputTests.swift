import Oracles
import Testing

/// Tests results that cannot be written.
@Suite struct StandardOutputTests {
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let result = try Program.shell(
      "cp '\(Program.model("iris"))' . && mkdir data && cp '\(Program.package)/models/data/iris.csv' data "
        + "&& $dlrun iris.yaml --set solver.max_epochs=1 --set expect=null --output run --quiet "
        + "&& $dlrun record iris.yaml --set solver.max_epochs=1 --set expect=null", in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    return folder
  }

  /// Tests every command, and the output of the argument parser.
  static let commands = [
    "check iris.yaml", "check iris.yaml iris.yaml", "show iris.yaml", "plan iris.yaml",
    "expand iris.yaml", "expand --json iris.yaml", "expand --raw iris.yaml", "test run",
    "predict run --input data/iris.csv --output -",
    "predict run --input data/iris.csv --output /dev/stdout", "trace iris.yaml --output -",
    "gradcheck iris.yaml --samples 1", "time iris.yaml --repeats 1",
    "verify iris.yaml --set solver.max_epochs=1 --set expect=null",
    "verify iris.yaml --set solver.max_epochs=1 --set expect=null --json",
    "verify iris.yaml --set solver.max_epochs=1 --set expect=null --junit -",
    "help-layer", "help-layer Linear", "help-solver", "help-filler", "help-policy",
    "help-regularizer", "help-source csv", "help-transform crop", "--help", "help", "help show",
    "show --help",
    "--version",
    "--generate-completion-script bash", "--generate-completion-script fish",
  ]

  @Test(arguments: [
    ("> /dev/full", "No space left on device"), (">&-", "Bad file descriptor"),
    ("> /dev/null | cat", ""),
  ])
  func endsWith4IfOutputCannotBeWritten(redirection: String, reason: String) throws {
    let folder = try StandardOutputTests.folder()
    for command in StandardOutputTests.commands {
      let line = "$dlrun \(command) \(redirection); exit ${PIPESTATUS[0]}"
      let result = try Program.shell(line, in: folder)
      #expect(result.exitCode == (reason.isEmpty ? 0 : 4), "\(command)")
      let message = "error: cannot write to standard output: \(reason)\n"
      let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("error") }
      #expect(
        lines.joined(separator: "\n") + "\n" == (reason.isEmpty ? "\n" : message), "\(command)")
    }
  }

  /// Writing beyond the file size limit causes a failure, and not a signal.
  @Test func endsWith4BeyondTheFileSizeLimit() throws {
    let result = try Program.shell(
      "ulimit -f 1; trap '' XFSZ; $dlrun --generate-completion-script bash > out",
      in: TemporaryFolder())
    #expect(result.exitCode == 4)
    #expect(result.errors == "error: cannot write to standard output: File too large\n")
  }

  /// dlrun still writes the record and the run.
  @Test func keepsWrittenFiles() throws {
    let folder = try StandardOutputTests.folder()
    let options = "--set solver.max_epochs=1 --set expect=null"
    let record = try Program.shell(
      "rm iris.expected.csv; $dlrun record iris.yaml \(options) > /dev/full", in: folder)
    #expect(record.exitCode == 4)
    #expect(
      record.errors == "error: cannot write to standard output: No space left on device\n")
    #expect(folder.holds("iris.expected.csv"))
    let verified = try Program.shell(
      "$dlrun verify iris.yaml \(options) --junit out.xml > /dev/full", in: folder)
    #expect(verified.exitCode == 4)
    #expect(try folder.text("out.xml").hasSuffix("</testsuites>\n"))
    let training = try Program.shell(
      "$dlrun iris.yaml \(options) --output again > /dev/full", in: folder)
    #expect(training.exitCode == 0)
    #expect(training.errors.isEmpty)
    #expect(folder.holds("again/report.html"))
  }

  /// A reader that closes the pipe early does not change the exit code.
  @Test func isQuietIfTheReaderStops() throws {
    let folder = try StandardOutputTests.folder()
    try folder.write("name: bad\n", to: "bad.yaml")
    for command in StandardOutputTests.commands {
      let result = try Program.shell(
        "$dlrun \(command) 2> messages | true; exit ${PIPESTATUS[0]}", in: folder)
      #expect(result.exitCode == 0, "\(command)")
      #expect(try !folder.text("messages").contains("error"), "\(command)")
    }
    let bad = try Program.shell(
      "$dlrun check iris.yaml bad.yaml 2> messages | true; exit ${PIPESTATUS[0]}", in: folder)
    #expect(bad.exitCode == 1)
    #expect(try !folder.text("messages").contains("standard output"))
    let head = try Program.shell(
      "$dlrun show iris.yaml | head -n 1; exit ${PIPESTATUS[0]}", in: folder)
    #expect(head.exitCode == 0)
    #expect(head.output == "data: data 4, label: classes\n")
    #expect(head.errors.isEmpty)
  }

  /// A file that dlrun opens, such as a lock, must not get the number of a closed stream.
  @Test func doesNotWriteToAFileThatReplacedAStream() throws {
    let folder = try StandardOutputTests.folder()
    let before = try folder.text("iris.yaml")
    let result = try Program.shell(
      "$dlrun iris.yaml --set solver.max_epochs=1 --set expect=null --output closed <&- >&- 2>&-",
      in: folder)
    #expect(result.exitCode == 0)
    #expect(try folder.text("iris.yaml") == before)
    #expect(try !folder.text("closed/history.csv").contains("written to"))
  }
}
