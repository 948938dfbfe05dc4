internal import ArgumentParser
internal import Files
internal import Inspection
internal import Runs
internal import Training
internal import YAML

struct Trace: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes every tensor and gradient of one training step, to compare with elsewhere.",
    discussion: """
      Nothing is trained. The file holds 'data', 'label', each top and parameter by its name, \
      'objective' (the sum that is minimised), and their gradients with 'grad.' before the name, \
      row-major.
      """)

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Parameters to begin with. Default: their first values.", valueName: "w.safetensors"),
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "A batch to run on: tensors 'data' and 'label'. Default: the first of the training data.",
      valueName: "in.safetensors"),
    completion: .file(extensions: ["safetensors"]))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "The file to write; '-' for standard output.", valueName: "out.safetensors"),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Flag(help: "Replaces a file that --output names.")
  var overwrite = false

  @OptionGroup var options: SharedOptions

  func run() throws {
    let run = try options.runOptions()
    var inputs = InputFiles()
    inputs.add(weights, as: "the file of --weights")
    inputs.add(input, as: "the file of --input")
    inputs.add(model: file, overrides: run.overrides)
    let place = try NamedOutput(
      output, option: "--output", overwrites: overwrite, sparing: inputs)
    let step = try FirstStep(
      path: file, options: run, weights: weights, input: input, purposes: ModelTrace.purposes)
    let tensors = try ModelTrace.tensors(of: step)
    try place.write(tensors.writer)
    let message = "\(tensors.tensors.count) tensors written to \(output.escapingControls)"
    if place.isStandardOutput { Console.error(message) } else { try Console.result(message) }
  }
}
