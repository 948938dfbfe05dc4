internal import ArgumentParser
internal import Files
internal import Reports
internal import Runs
internal import Verification

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains models again and compares the results with their records.",
    discussion: """
      The comparison is bit for bit, on every processor. With a record of another arithmetic, it is \
      within the record's tolerance. The run must also meet expect:. In a folder, the command \
      verifies all models. It skips models with 'verify: false' and lists them with their reasons. \
      Failures are a model without a record, a model that cannot be trained, and a folder without \
      models. Standard error gets a line when a model is done. The command writes no run \
      directory. The exit code is 5 if anything differs.
      """)

  @Argument(
    help: ArgumentHelp("Model files, or folders of model files.", valueName: "files"),
    completion: .file(extensions: ["yaml", "yml"]))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The number of models to train at the same time, which does not change results.",
      valueName: "n"))
  var jobs = 1

  @Flag(
    help: """
      Replaces records that differ or have another arithmetic, for models that meet their
      expectations. Others are unchanged.
      """)
  var update = false

  @Flag(help: "Prints JSON instead of the table.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Also writes the results as JUnit's XML, to a file or to '-' for standard output.",
      valueName: "file"),
    completion: .file(extensions: ["xml"]))
  var junit: String?

  @Flag(help: "Replaces an existing file at --junit.")
  var overwrite = false

  @OptionGroup var options: SharedOptions

  func validate() throws {
    guard (1...256).contains(jobs) else {
      throw ValidationError("--jobs: expected a number from 1 to 256, received \(jobs)")
    }
    if overwrite, junit == nil { throw ValidationError("--overwrite: expected --junit as well") }
  }

  func run() throws {
    let run = try options.runOptions()
    // Checks the output before the training, which may take minutes.
    let report = try junit.map { try self.report(at: $0, run) }
    var verifier = Verifier()
    verifier.run = run
    verifier.jobs = jobs
    verifier.rewrites = update
    let verifications = verifier.verify(paths) { Console.error($0.line) }
    try report?.write(JUnitReport.xml(verifications))
    let text = json ? Verification.json(verifications) : Verification.table(verifications) + "\n"
    // Standard output then contains only the report.
    if report?.isStandardOutput ?? false {
      Console.write(text)
    } else {
      try StandardOutput.write(text)
    }
    let failed = verifications.filter { !$0.isPassed }
    guard let code = failed.map(\.exitCode).max() else { return }
    Console.error("error: \(failed.count) of \(verifications.count) models failed")
    throw ExitCode(code)
  }

  /// Returns the place of the JUnit file.
  private func report(at path: String, _ run: RunOptions) throws(RunFailure) -> NamedOutput {
    var inputs = InputFiles()
    inputs.add(models: paths, overrides: run.overrides)
    return try NamedOutput(path, option: "--junit", overwrites: overwrite, sparing: inputs)
  }
}
