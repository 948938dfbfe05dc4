internal import ArgumentParser
internal import DataFiles
internal import DataSources
internal import Inspection
internal import Runs
internal import YAML

struct Time: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times forward, backward and update of every layer, and the whole step.",
    discussion: """
      The command times layers on one thread, and the whole step on all threads. The weights do not \
      change. If batches are loaded from files or transformed, the last line is the time for which a \
      step waits for its batch. Run nothing else at the same time.
      """)

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(help: "The number of runs, 1 to 100000. The result is their median.")
  var repeats = 20

  @Option(
    help: ArgumentHelp(
      "'train' for a whole step, 'test' for the forward pass.", valueName: "phase"),
    completion: .list(DataPhase.allCases.map(\.rawValue)), transform: Time.phase)
  var phase = DataPhase.train

  private static func phase(_ text: String) throws -> DataPhase {
    if let phase = DataPhase(rawValue: text) { return phase }
    let names = DataPhase.allCases.map(\.rawValue)
    let suggestion = names.nearest(to: text).map { "; did you mean '\($0)'?" } ?? ""
    throw ValidationError(
      "expected \(names.joined(separator: " or ")), received '\(text.quotable)'\(suggestion)")
  }

  @OptionGroup var options: SharedOptions

  func validate() throws {
    guard (1...100_000).contains(repeats) else {
      throw ValidationError("--repeats: expected a number from 1 to 100000, received \(repeats)")
    }
  }

  func run() throws {
    let run = try options.runOptions()
    let step = try FirstStep(
      path: file, options: run, phase: phase, purposes: [LayerTimes.purpose(phase)])
    let times = try LayerTimes(
      step, threads: run.threadCount, loaders: run.loaders, repeats: repeats)
    try Console.result(times.text)
  }
}
