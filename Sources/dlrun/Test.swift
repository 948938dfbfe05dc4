internal import ArgumentParser
internal import Runs
internal import Training
internal import YAML

struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Tests a finished run on its test data, or on its training data if it has no others."
  )

  @Argument(help: RunArgument.help, completion: .directory)
  var folder: String

  @OptionGroup var weights: SavedWeightsOption
  @OptionGroup var options: SharedOptions

  func run() throws {
    var options = try options.runOptions()
    options.savedWeights = weights.choice
    let saved = try SavedRun(path: folder, options: options)
    let (metrics, tables, warnings) = try saved.test()
    for warning in warnings { Console.error(warning.diagnostic.rendered) }
    saved.notes.forEach(Console.error)
    for metric in metrics { try Console.result("\(metric.name) \(metric.value.singlePrecision)") }
    for table in tables { try Console.result(SummaryText.text(table)) }
  }
}
