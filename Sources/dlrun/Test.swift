internal import ArgumentParser
internal import Training

struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Tests a finished run over its test data (or its training data, where there are no other)."
  )

  @Argument(
    help: ArgumentHelp("The folder of a run, such as runs/spiral/latest.", valueName: "run"),
    completion: .directory)
  var folder: String

  @OptionGroup var options: SharedOptions

  func run() throws {
    let saved = try SavedRun(path: folder, options: try options.runOptions())
    for metric in try saved.test() {
      Console.result("\(metric.name) \(metric.value.singlePrecision)")
    }
  }
}
