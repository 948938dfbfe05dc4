internal import ArgumentParser
internal import Training
internal import YAML

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
    let (metrics, tables, warnings) = try saved.test()
    for warning in warnings { Console.error(warning.diagnostic.rendered) }
    for metric in metrics { Console.result("\(metric.name) \(metric.value.singlePrecision)") }
    for table in tables { Console.result(SummaryText.text(table)) }
  }
}
