internal import ArgumentParser
internal import Training

struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Tests a finished run over its test data (or its training data, where there are no other)."
  )

  @Argument(help: RunArgument.help, completion: .directory)
  var folder: String

  @OptionGroup var options: SharedOptions

  func run() throws {
    let saved = try SavedRun(path: folder, options: try options.runOptions())
    let (metrics, tables) = try saved.test()
    for metric in metrics { try Console.result("\(metric.name) \(metric.value.singlePrecision)") }
    for table in tables { try Console.result(SummaryText.text(table)) }
  }
}
