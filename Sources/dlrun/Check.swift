internal import ArgumentParser
internal import DataSources
internal import Files
internal import Glibc
internal import Inspection
internal import Runs
internal import Training
internal import YAML

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reports every mistake in model files without training.",
    discussion: """
      The command reads at most the headers of data files, and nothing if the source declares shape \
      and classes. With --data it reads and checks all data like a training. It then lists the \
      examples and classes of each part, and all columns of a table with their gaps and content.
      """)

  @Argument(help: "The model files.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @Flag(
    help: """
      Reads all data of both parts, reports the same mistakes and warnings as a training, and lists \
      the content of the data.
      """)
  var data = false

  @OptionGroup var options: SharedOptions

  func run() throws {
    let run = try options.runOptions()
    var worst: RunFailure?
    for file in files {
      let tensors: String
      var report: [String] = []
      do throws(RunFailure) {
        let model = try PreparedModel(
          path: file, overrides: run.overrides, threads: run.threadCount)
        try model.checkMemory(limit: run.memoryLimit, loaders: run.loaders)
        tensors = model.signature.text
        var warnings = model.warnings
        if data {
          let found = try model.checkData(limit: run.memoryLimit, loaders: run.loaders)
          warnings = found.warnings
          report = try DataReport(model, train: found.train, test: found.test).lines
        }
        for warning in warnings { Console.error(warning.diagnostic.rendered) }
      } catch {
        Console.error(error.rendered)
        if (worst?.exitCode ?? 0) < error.exitCode { worst = error }
        continue
      }
      try Console.result("\(file.escapingControls): fine (\(tensors))")
      for line in report { try Console.result(line) }
    }
    if let worst { throw ExitCode(worst.exitCode) }
  }
}
