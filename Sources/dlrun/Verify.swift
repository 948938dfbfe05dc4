internal import ArgumentParser
internal import Glibc
internal import Reports
internal import Training

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
    help: ArgumentHelp("Writes the results as JUnit's XML too.", valueName: "file"),
    completion: .file(extensions: ["xml"]))
  var junit: String?

  @OptionGroup var options: SharedOptions

  func validate() throws {
    guard (1...256).contains(jobs) else {
      throw ValidationError("--jobs: expected a number from 1 to 256, received \(jobs)")
    }
  }

  func run() throws {
    // Not after minutes of training.
    if let junit { try OutputFile.check(junit) }
    var verifier = Verifier()
    verifier.run = try options.runOptions()
    verifier.jobs = jobs
    verifier.rewrites = update
    let verifications = verifier.verify(paths) { Console.error($0.line) }
    if json {
      Console.write(Verification.json(verifications), to: STDOUT_FILENO)
    } else {
      Console.result(Verification.table(verifications))
    }
    if let junit { try OutputFile.write(JUnitReport.xml(verifications), to: junit) }
    let failed = verifications.filter { !$0.isPassed }
    guard let code = failed.map(\.exitCode).max() else { return }
    Console.error("error: \(failed.count) of \(verifications.count) models failed")
    throw ExitCode(code)
  }
}
