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

  @Option(
    defaultAsFlag: "",
    help: ArgumentHelp(
      "Goes on with the run in --output, or the latest one of the model; or with the given run or checkpoint.",
      valueName: "run"),
    completion: .directory)
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Begins with trained weights (of a run, or of a checkpoint), parameter by parameter by name.",
      valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @Flag(help: "Takes weights that are not all of the model's, or more.")
  var allowMissing = false

  @Flag(name: .shortAndLong, help: "Prints nothing but errors.")
  var quiet = false

  func validate() throws {
    if overwrite {
      guard resume == nil else {
        throw ValidationError("--resume: expected no --overwrite, which replaces the run")
      }
      guard output != nil else { throw ValidationError("--overwrite: expected --output too") }
    }
    // --resume alone begins a run where there is none: these are for that.
    let isOfNewRun = output != nil || weights != nil
    if isOfNewRun, !(resume ?? "").isEmpty {
      throw ValidationError(
        "--resume RUN: --output and --weights are for a run that begins")
    }
    if allowMissing, weights == nil {
      throw ValidationError("--allow-missing: expected --weights too")
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
    // The run is written: a summary that cannot be printed is no failure of it.
    if !quiet {
      try? Console.result(SummaryText.text(summary, directory: training.directory.path))
    }
    if case .diverged(let message) = summary.outcome { throw RunFailure.diverged(message) }
    let unmet = summary.unmetExpectations
    if unmet.hasErrors { throw RunFailure.unreached(unmet) }
  }
}
