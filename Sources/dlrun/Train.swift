internal import ArgumentParser
internal import Glibc
internal import Models
internal import Reports
internal import Training
internal import YAML

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a model and writes its run directory.",
    discussion: """
      Ends with 5, after everything is written, if the run does not reach what the file expects.
      """)

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var options: SharedOptions

  @Option(
    help: ArgumentHelp("The folder of the run; one that holds none yet.", valueName: "dir"),
    completion: .directory)
  var output: String?

  @Flag(help: "Replaces the run that --output holds.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Prints nothing but errors.")
  var quiet = false

  func run() throws {
    var run = try options.runOptions()
    run.output = output
    run.overwrites = overwrite
    let training = try TrainingRun(path: file, options: run)
    var progress = ProgressLine(isQuiet: quiet, testNames: training.trainer.history.testNames)
    let summary = try training.run { progress.show($0) }
    progress.finish()
    try Report(training, summary).write(to: training.directory)
    if !quiet { Console.result(SummaryText.text(summary, directory: training.directory.path)) }
    if case .diverged(let message) = summary.outcome { throw RunFailure.diverged(message) }
    let unmet = summary.unmetExpectations
    if unmet.hasErrors { throw RunFailure.unreached(unmet) }
  }
}
