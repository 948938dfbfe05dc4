internal import ArgumentParser
internal import Files
internal import Inspection

struct CheckGradients: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcheck",
    abstract: "Compares gradients with differences of the loss, for every parameter and the data.",
    discussion: """
      The check uses the first batch of the training data and the initial parameters, and does not \
      train. An element passes if it agrees at one of four steps around --step. Kinks, and elements \
      whose difference is lost in rounding, are counted separately. The exit code is 5 if an \
      element fails.
      """)

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(help: "The step in both directions, relative to the tensor's values, above 0 to 1000.")
  var step = GradientCheck.Options().step

  @Option(help: "The allowed relative error, above 0 to 1.")
  var threshold = GradientCheck.Options().threshold

  @Option(help: "The number of checked elements of each tensor, 1 to 1000000.")
  var samples = GradientCheck.Options().samples

  @OptionGroup var options: SharedOptions

  func validate() throws {
    guard step > 0, step <= 1000 else {
      throw ValidationError("--step: expected a number above 0 to 1000, received \(step)")
    }
    guard threshold > 0, threshold <= 1 else {
      throw ValidationError("--threshold: expected a number above 0 to 1, received \(threshold)")
    }
    guard (1...1_000_000).contains(samples) else {
      throw ValidationError("--samples: expected a number from 1 to 1000000, received \(samples)")
    }
  }

  func run() throws {
    var check = GradientCheck.Options()
    (check.step, check.threshold, check.samples) = (step, threshold, samples)
    let first = try FirstStep(
      path: file, options: try options.runOptions(), purposes: GradientCheck.purposes)
    let result = try GradientCheck(first, check)
    try Console.result(result.text)
    if let failure = result.failure { throw RunFailure.unmet(failure) }
  }
}
