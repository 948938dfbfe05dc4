internal import ArgumentParser
internal import Files
internal import Training
internal import Verification
internal import YAML

struct RecordModels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Trains models, and stores beside each what it reached, for 'dlrun verify'.",
    discussion: """
      models/spiral.yaml gets models/spiral.expected.csv. Of a folder all models without a record get one. A record \
      that is there stays: 'dlrun verify --update' replaces it. A model that states 'verify: false' is skipped. \
      Nothing is stored of a training that diverges, or does not reach what its file expects.
      """)

  @Argument(
    help: "Model files, or folders of them.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "How far means and scores on another kind of processor may be away, as a share: 0.000001 to 0.5.",
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
        try Console.result("\(path.escapingControls): is there already, and stays")
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
