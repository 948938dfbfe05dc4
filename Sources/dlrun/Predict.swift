internal import ArgumentParser
internal import Training
internal import YAML

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts the rows of a table with a finished run.",
    discussion: """
      The table needs the columns that the model reads; further columns are ignored, and no \
      targets are needed. Written are the class and the probability of each class, or the values \
      of the predicted blob in columns BLOB_NAME. A row whose scores are NaN has empty cells.
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

  @Option(
    help: ArgumentHelp(
      "The blob to predict. Default: the model's output, or else what its losses read.",
      valueName: "name"))
  var blob: String?

  @OptionGroup var weights: SavedWeightsOption
  @OptionGroup var options: SharedOptions

  func run() throws {
    var options = try options.runOptions()
    options.blob = blob
    options.savedWeights = weights.choice
    let saved = try SavedRun(path: folder, options: options)
    let table = try saved.predict(table: input)
    try OutputFile.write(table.text, to: output)
    if let name = saved.model.predictionName {
      Console.error("prediction: blob '\(name.escapingControls)'")
    }
    (saved.notes + [table.warning].compactMap(\.self)).forEach(Console.error)
  }
}
