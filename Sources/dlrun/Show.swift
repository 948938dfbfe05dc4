internal import ArgumentParser
internal import DataSources
internal import Networks
internal import Runs
internal import Training
internal import YAML

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Prints the tensors of the data, and the layers, shapes, parameters, FLOPs and memory of a model.",
    discussion: "The table covers the train phase, and the test phase if it differs.")

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var options: SharedOptions

  func run() throws {
    let model = try PreparedModel(path: file, overrides: try options.modelOverrides())
    try Console.result("data: \(model.signature.text)")
    let (training, testing) = (ModelTable(model.training), ModelTable(model.testing))
    if training.rows == testing.rows {
      try Console.result(training.text)
    } else {
      try Console.result("train phase\n\(training.text)\n\ntest phase\n\(testing.text)\n")
    }
    if let name = model.predictionName {
      try Console.result("prediction: \(name.escapingControls)")
    }
    try Console.result(model.memoryEstimate(dataBytes: nil, loaders: options.loaders).text)
  }
}
