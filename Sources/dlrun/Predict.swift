internal import ArgumentParser
internal import Files
internal import Runs
internal import YAML

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts the rows of a table, arrays or images with a finished run.",
    discussion: """
      The input is a table, a NumPy or IDX file, a PNG or JPEG file, or a folder of images. '-' is \
      a table, a NumPy or an IDX file from standard input. A table needs the input columns of the model, but no targets. \
      Further columns are ignored. Images are resized and cropped as in training. A network with \
      several inputs needs a NumPy or IDX file for each: --input left=left.npy --input \
      right=right.npy.
      The output has the class and the probability of each class, or the values of the predicted \
      blob in columns BLOB_NAME. Images have a column 'file' before them. A row with NaN scores has \
      empty cells. The command reads and writes piece by piece, so that its memory does not depend \
      on the number of rows.
      """)

  @Argument(help: RunArgument.help, completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp(
      "The data to read, or '-' for a table or an array from standard input.", valueName: "x.csv"),
    completion: .file())
  var input: [String]

  @Option(
    help: ArgumentHelp("The file to write, or '-' for standard output.", valueName: "y.csv"),
    completion: .file(extensions: ["csv", "jsonl", "npy"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      "The format of the output: comma-separated values, an object of JSON on each line, or a NumPy "
        + "array. Default: by the ending of --output, otherwise csv.", valueName: "csv|jsonl|npy"))
  var format: PredictionFormat?

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
    for word in input {
      for path in [word, word.split(separator: "=", maxSplits: 1).last.map(String.init)] {
        inputs.add(path, as: "the data of --input")
        inputs.add(filesIn: path, as: "the folder of --input")
      }
    }
    inputs.add(run: folder, overrides: run.overrides)
    let format = format ?? PredictionFormat(path: output)
    let output = try NamedOutput(
      output, option: "--output", overwrites: overwrite, sparing: inputs)
    let saved = try SavedRun(path: folder, options: run)
    let warnings = try saved.predict(input, format, to: output)
    if let name = saved.model.predictionName {
      Console.error("prediction: blob '\(name.escapingControls)'")
    }
    (saved.notes + warnings).forEach(Console.error)
  }
}

extension PredictionFormat: ExpressibleByArgument {}
