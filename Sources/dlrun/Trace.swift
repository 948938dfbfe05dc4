internal import ArgumentParser
internal import Files
internal import Inspection
internal import Runs
internal import YAML

struct Trace: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes every tensor and gradient of one training step, for comparisons.",
    discussion: """
      The command does not change the weights. The file contains 'data', 'label', each top and \
      parameter by its name, and 'objective' (the minimized sum). Gradients have the prefix 'grad.'. \
      All tensors are row-major.
      """)

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      "The initial parameters. Default: the values of the fillers.", valueName: "w.safetensors"),
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "The batch, as tensors 'data' and 'label'. Default: the first batch of the training data.",
      valueName: "in.safetensors"),
    completion: .file(extensions: ["safetensors"]))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "The file to write, or '-' for standard output.", valueName: "out.safetensors"),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Flag(help: "Replaces an existing file at --output.")
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
