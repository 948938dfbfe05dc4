internal import ArgumentParser
internal import Files
internal import Glibc
internal import Reports
internal import Runs
internal import Training
internal import YAML

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a model and writes its run directory.",
    discussion: """
      The exit code is 5, after writing all files, if the run misses an expectation of the file.
      """)

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var options: SharedOptions

  @Option(
    help: ArgumentHelp("The folder of the run, which must not hold a run yet.", valueName: "dir"),
    completion: .directory)
  var output: String?

  @Flag(help: "Replaces the run in --output.")
  var overwrite = false

  @Option(
    defaultAsFlag: "",
    help: ArgumentHelp(
      "Resumes the given run or checkpoint. Default: the run in --output, or the model's latest run.",
      valueName: "run"),
    completion: .directory)
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Begins with the weights of a run or checkpoint, matched by parameter name.",
      valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @Flag(help: "Accepts a weights file with missing or additional parameters.")
  var allowMissing = false

  @Flag(name: .shortAndLong, help: "Prints only errors.")
  var quiet = false

  func validate() throws {
    if overwrite {
      guard resume == nil else {
        throw ValidationError("--resume: expected no --overwrite, which replaces the run")
      }
      guard output != nil else { throw ValidationError("--overwrite: expected --output as well") }
    }
    // --resume without a value begins a new run if none exists. These options apply to a new run.
    let isOfNewRun = output != nil || weights != nil
    if isOfNewRun, !(resume ?? "").isEmpty {
      throw ValidationError(
        "--resume RUN: expected neither --output nor --weights, which apply to new runs")
    }
    if allowMissing, weights == nil {
      throw ValidationError("--allow-missing: expected --weights as well")
    }
  }

  func run() throws {
    StopSignal.listen()
    var run = try options.runOptions()
    run.output = output
    run.overwrites = overwrite
    run.weights = weights
    run.allowsMissing = allowMissing
    run.resume = resume.map { $0.isEmpty ? .latest : .path($0) }
    let training = try TrainingRun(path: file, options: run)
    training.damages.forEach(Console.error)
    if !quiet { for note in training.notes { Console.error(note.asMessage) } }
    var progress = ProgressLine(isQuiet: quiet, testNames: training.trainer.history.testNames)
    let summary = try training.run(
      report: { progress.show($0) },
      warn: { warning in
        if quiet { return }
        progress.finish()
        Console.error(warning.diagnostic.rendered)
      },
      note: { note in
        if quiet { return }
        progress.finish()
        Console.error(note)
      })
    progress.finish()
    try Report(training, summary).write(to: training.directory)
    // The run is complete on disk, so that a failure to print the summary does not matter.
    if !quiet {
      try? Console.result(SummaryText.text(summary, directory: training.directory.path))
    }
    if case .diverged(let message) = summary.outcome { throw RunFailure.diverged(message) }
    let unmet = summary.unmetExpectations
    if unmet.hasErrors { throw RunFailure.unreached(unmet) }
  }
}
