internal import ArgumentParser
internal import Files
internal import Reports
internal import Runs
internal import Training
internal import Verification

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains models again, and compares what they reach with their records.",
    discussion: """
      Bit for bit on the kind of processor that made the record, within its tolerance on others; expect: must hold. \
      Of a folder all models are verified. A model that states 'verify: false' is skipped, and listed with its reason. \
      One without a record is a failure, like one that cannot be trained, and a folder without a model. Standard error \
      gets a line as soon as a model is done. Writes no run directory. Ends with 5 if anything differs.
      """)

  @Argument(
    help: ArgumentHelp("Model files, or folders of them.", valueName: "files"),
    completion: .file(extensions: ["yaml", "yml"]))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "Models that are trained at the same time. No result depends on it.", valueName: "n"))
  var jobs = 1

  @Flag(
    help: """
      Replaces the records that do not hold any more, of models that meet what they expect. Others stay as they are.
      """)
  var update = false

  @Flag(help: "Prints JSON in the place of the table.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Writes the results as JUnit's XML too; '-' for standard output.", valueName: "file"),
    completion: .file(extensions: ["xml"]))
  var junit: String?

  @Flag(help: "Replaces a file that --junit names.")
  var overwrite = false

  @OptionGroup var options: SharedOptions

  func validate() throws {
    guard (1...256).contains(jobs) else {
      throw ValidationError("--jobs: expected a number from 1 to 256, received \(jobs)")
    }
    if overwrite, junit == nil { throw ValidationError("--overwrite: expected --junit too") }
  }

  func run() throws {
    let run = try options.runOptions()
    // Not after minutes of training.
    let report = try junit.map { try self.report(at: $0, run) }
    var verifier = Verifier()
    verifier.run = run
    verifier.jobs = jobs
    verifier.rewrites = update
    let verifications = verifier.verify(paths) { Console.error($0.line) }
    try report?.write(JUnitReport.xml(verifications))
    let text = json ? Verification.json(verifications) : Verification.table(verifications) + "\n"
    // Standard output holds the report alone then.
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

  /// The place of the JUnit file.
  private func report(at path: String, _ run: RunOptions) throws(RunFailure) -> NamedOutput {
    var inputs = InputFiles()
    inputs.add(models: paths, overrides: run.overrides)
    return try NamedOutput(path, option: "--junit", overwrites: overwrite, sparing: inputs)
  }
}
