internal import ArgumentParser
internal import Files
internal import Runs
internal import YAML

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts the rows of a table with a finished run.",
    discussion: """
      The table needs the input columns of the model, but no targets. The command ignores further \
      columns. It writes the class and the probability of each class, or the values of the \
      predicted blob in columns BLOB_NAME. A row with NaN scores has empty cells.
      """)

  @Argument(help: RunArgument.help, completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp("The table to read.", valueName: "x.csv"),
    completion: .file(extensions: ["csv"]))
  var input: String

  @Option(
    help: ArgumentHelp("The table to write, or '-' for standard output.", valueName: "y.csv"),
    completion: .file(extensions: ["csv"]))
  var output: String

  @Flag(help: "Replaces an existing file at --output.")
  var overwrite = false

  @Option(
    help: ArgumentHelp(
      "The blob to predict. Default: the model's output, or the input of its losses.",
      valueName: "name"))
  var blob: String?

  @OptionGroup var weights: SavedWeightsOption
  @OptionGroup var options: SharedOptions

  func run() throws {
    var run = try options.runOptions()
    run.blob = blob
    run.savedWeights = weights.choice
    var inputs = InputFiles()
    inputs.add(input, as: "the table of --input")
    inputs.add(run: folder, overrides: run.overrides)
    let output = try NamedOutput(
      output, option: "--output", overwrites: overwrite, sparing: inputs)
    let saved = try SavedRun(path: folder, options: run)
    let table = try saved.predict(table: input)
    try output.write(table.text)
    if let name = saved.model.predictionName {
      Console.error("prediction: blob '\(name.escapingControls)'")
    }
    (saved.notes + [table.warning].compactMap(\.self)).forEach(Console.error)
  }
}
