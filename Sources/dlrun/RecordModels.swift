internal import ArgumentParser
internal import Files
internal import Verification
internal import YAML

struct RecordModels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Trains models and stores their results beside them, for 'dlrun verify'.",
    discussion: """
      models/spiral.yaml gets models/spiral.expected.csv. In a folder, every model without a record \
      gets one. Existing records are unchanged; 'dlrun verify --update' replaces them. The command \
      skips models with 'verify: false'. It stores no record of a training that diverges or misses \
      an expectation.
      """)

  @Argument(
    help: "Model files, or folders of model files.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "The allowed relative difference to another arithmetic, 0.000001 to 0.5.",
      valueName: "share"))
  var tolerance = Record.standardTolerance

  @OptionGroup var options: SharedOptions

  func validate() throws {
    guard Record.tolerances.contains(tolerance) else {
      throw ValidationError(
        "--tolerance: expected a number from 0.000001 to 0.5, received \(tolerance)")
    }
  }

  func run() throws {
    let run = try options.runOptions()
    var worst: Int32 = 0
    var (count, skipped) = (0, 0)
    let recorder = Recorder(options: run, tolerance: tolerance)
    try recorder.record(files) { (model, outcome) throws(RunFailure) in
      count += 1
      switch outcome {
      case .recorded(let record, let path):
        let scores = record.scores.map { ", \($0.name) \($0.value)" }.joined()
        try Console.result("\(path.escapingControls): \(record.iterations) iterations\(scores)")
      case .kept(let path):
        try Console.result("\(path.escapingControls): already exists, unchanged")
      case .skipped(let reason):
        skipped += 1
        try Console.result("\(model.escapingControls): skipped: \(reason)")
      case .failed(let failure):
        Console.error(failure.rendered)
        worst = max(worst, failure.exitCode)
      }
    }
    if skipped > 0 { try Console.result("\(skipped) of \(count) models skipped") }
    if worst > 0 { throw ExitCode(worst) }
  }
}
