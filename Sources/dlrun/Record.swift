internal import ArgumentParser
internal import Training
internal import YAML

struct Record: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains models, and stores beside each what it reached, for 'dlrun verify'.",
    discussion: """
      models/spiral.yaml gets models/spiral.expected.csv. A record that is there stays: 'dlrun verify --update' \
      replaces it. Nothing is stored of a training that diverges, or does not reach what its file expects.
      """)

  @Argument(help: "The model files.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "How far means and scores on another kind of processor may be away, as a share: 0.000001 to 0.5.",
      valueName: "share"))
  var tolerance = Training.Record.standardTolerance

  @OptionGroup var options: SharedOptions

  func validate() throws {
    guard Training.Record.tolerances.contains(tolerance) else {
      throw ValidationError(
        "--tolerance: expected a number from 0.000001 to 0.5, received \(tolerance)")
    }
  }

  func run() throws {
    let run = try options.runOptions()
    var worst: RunFailure?
    for file in files {
      let record: Training.Record
      do throws(RunFailure) {
        record = try Recorder.record(file, options: run, tolerance: tolerance)
      } catch {
        Console.error(error.rendered)
        if (worst?.exitCode ?? 0) < error.exitCode { worst = error }
        continue
      }
      let path = Training.Record.path(ofModel: file).escapingControls
      let scores = record.scores.map { ", \($0.name) \($0.value)" }.joined()
      try Console.result("\(path): \(record.iterations) iterations\(scores)")
    }
    if let worst { throw ExitCode(worst.exitCode) }
  }
}
