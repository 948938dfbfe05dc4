internal import ArgumentParser
internal import DataSources
internal import Training

struct Time: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times forward, backward and update of every layer, and the whole step.",
    discussion: """
      Layers are timed on one thread, the whole step on all. The weights stay as they are. Nothing \
      else should run meanwhile.
      """)

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(help: "Runs to take the median of, 1 to 100000.")
  var repeats = 20

  enum Phase: String, ExpressibleByArgument, CaseIterable {
    case train
    case test
  }

  @Option(help: "'train' for a whole step, 'test' for the forward direction alone.")
  var phase = Phase.train

  @OptionGroup var options: SharedOptions

  func validate() throws {
    guard (1...100_000).contains(repeats) else {
      throw ValidationError("--repeats: expected a number from 1 to 100000, received \(repeats)")
    }
  }

  func run() throws {
    let run = try options.runOptions()
    let phase: DataPhase = phase == .train ? .train : .test
    let step = try FirstStep(
      path: file, options: run, phase: phase, purposes: [LayerTimes.purpose(phase)])
    let times = try LayerTimes(step, threads: run.threadCount, repeats: repeats)
    Console.result(times.text)
  }
}
