internal import ArgumentParser
internal import Runs
internal import Training

struct PrintPlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Prints the plan of a training step with kernels, implementations and buffers.")

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var options: SharedOptions

  func run() throws {
    let run = try options.runOptions()
    let model = try PreparedModel(path: file, overrides: run.overrides)
    try model.checkMemory(limit: run.memoryLimit)
    try Console.result(try model.planText())
  }
}
