internal import ArgumentParser
internal import Fields
internal import Files
internal import ModelFiles
internal import Runs
internal import YAML

/// The options that several commands share.
struct SharedOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Overrides a value of the model file: solver.base_lr=0.1, network.ip1.num_output=50, "
        + "variables.data=/data.",
      valueName: "key.path=value"))
  var overrides: [String] = []

  @Option(
    help: ArgumentHelp(
      "The number of compute threads, which does not change results. Default: the processors "
        + "that the process may use, by its affinity and the quota of its control groups.",
      valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The number of threads that load batches ahead, which does not change results. With 0, the "
        + "training loads its batches itself. Default: half of the compute threads, at least 1.",
      valueName: "n"))
  var loaders: Int?

  @Option(
    help: ArgumentHelp(
      "The memory limit of a model, such as 500MB or 4GiB. Default: the free memory.",
      valueName: "size"))
  var memoryLimit: String?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: expected a number from 1 to 1024, received \(threads)")
    }
    if let loaders, !(0...256).contains(loaders) {
      throw ValidationError("--loaders: expected a number from 0 to 256, received \(loaders)")
    }
    if let memoryLimit, MemorySize(memoryLimit) == nil {
      throw ValidationError(
        "--memory-limit: expected a size such as 500MB or 4GiB, received '\(memoryLimit.quotable)'")
    }
  }

  func modelOverrides() throws -> [Override] {
    do throws(Diagnostics) {
      return try Override.all(overrides)
    } catch {
      throw RunFailure.refused(error)
    }
  }

  func runOptions() throws -> RunOptions {
    var options = RunOptions()
    options.overrides = try modelOverrides()
    options.threads = threads
    options.loaders = loaders
    options.memoryLimit = memoryLimit.flatMap { MemorySize($0)?.bytes }
    return options
  }
}
