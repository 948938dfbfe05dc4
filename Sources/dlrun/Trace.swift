internal import ArgumentParser
internal import Training

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
    help: ArgumentHelp("The file to write.", valueName: "out.safetensors"),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @OptionGroup var options: SharedOptions

  func run() throws {
    let step = try FirstStep(
      path: file, options: try options.runOptions(), weights: weights, input: input,
      purposes: ModelTrace.purposes)
    let tensors = try ModelTrace.tensors(of: step)
    try OutputFile.write(to: output, tensors.writer.write)
    Console.result("\(tensors.tensors.count) tensors written to \(output)")
  }
}
