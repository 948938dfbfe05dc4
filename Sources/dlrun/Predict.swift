internal import ArgumentParser
internal import Training

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts the rows of a table with a finished run.",
    discussion: """
      The table needs the columns that the model reads; further columns are ignored. Written are \
      the class and the probability of each class, or the predicted values.
      """)

  @Argument(help: RunArgument.help, completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp("The table to read.", valueName: "x.csv"),
    completion: .file(extensions: ["csv"]))
  var input: String

  @Option(
    help: ArgumentHelp("The table to write; '-' for standard output.", valueName: "y.csv"),
    completion: .file(extensions: ["csv"]))
  var output: String

  @Flag(help: "Replaces a file that --output names.")
  var overwrite = false

  @OptionGroup var options: SharedOptions

  func run() throws {
    let run = try options.runOptions()
    var inputs = InputFiles()
    inputs.add(input, as: "the table of --input")
    inputs.add(run: folder, overrides: run.overrides)
    let output = try NamedOutput(
      output, option: "--output", overwrites: overwrite, sparing: inputs)
    let saved = try SavedRun(path: folder, options: run)
    try output.write(try saved.predict(table: input))
  }
}
