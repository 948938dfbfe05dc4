internal import ArgumentParser
internal import Models
internal import Training

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints layers, shapes, parameters, FLOPs and memory of a model.")

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var options: SharedOptions

  func run() throws {
    let model = try PreparedModel(path: file, overrides: try options.modelOverrides())
    Console.result(ModelTable(model.training).text)
    Console.result(model.memoryEstimate(dataBytes: nil).text)
  }
}
