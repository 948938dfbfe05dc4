internal import ArgumentParser
internal import Training

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts the rows of a table with a finished run.",
    discussion: """
      The table needs the columns that the model reads; further columns are ignored. Written are \
      the class and the probability of each class, or the predicted values.
      """)

  @Argument(
    help: ArgumentHelp("The folder of a run, such as runs/spiral/latest.", valueName: "run"),
    completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp("The table to read.", valueName: "x.csv"),
    completion: .file(extensions: ["csv"]))
  var input: String

  @Option(
    help: ArgumentHelp("The table to write.", valueName: "y.csv"),
    completion: .file(extensions: ["csv"]))
  var output: String

  @OptionGroup var options: SharedOptions

  func run() throws {
    let saved = try SavedRun(path: folder, options: try options.runOptions())
    try OutputFile.write(try saved.predict(table: input), to: output)
  }
}
