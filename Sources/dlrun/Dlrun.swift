internal import ArgumentParser
internal import Files
internal import Glibc
internal import Kernels
internal import Threads
internal import Training

/// The command line: arguments, exit codes and printing. Other modules do the work.
@main
struct Dlrun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dlrun",
    abstract: "Trains neural networks that are described in text files.",
    discussion: """
      `dlrun FILE` is short for `dlrun train FILE`.
      Exit codes: 0 done, 1 refused input, 2 usage, 3 diverged, 4 input/output, \
      5 expectation, record or \
      gradient check not met, 130 and 143 stopped by a signal with its state saved.
      """,
    version: "\(Version.dlrun) (arithmetic \(Version.arithmetic))",
    subcommands: [
      Init.self, Train.self, Check.self, Show.self, PrintPlan.self, Expand.self, Test.self,
      Predict.self, RecordModels.self, Verify.self, Trace.self, CheckGradients.self, Time.self,
      HelpLayer.self,
      HelpSolver.self, HelpFiller.self, HelpPolicy.self, HelpRegularizer.self, HelpSource.self,
      HelpTransform.self,
    ],
    defaultSubcommand: Train.self)

  /// The memory in bytes that every command may use without a check.
  private static let leastMemory = 24 << 20

  static func main() {
    prepareStreams()
    do throws(RunFailure) {
      Glibc.exit(try status(of: CommandArguments(CommandArguments.ofProcess)))
    } catch {
      Console.error(error.rendered)
      Glibc.exit(error.exitCode)
    }
  }

  /// Runs the command of the arguments.
  ///
  /// - Returns: the exit code.
  private static func status(of arguments: CommandArguments) throws(RunFailure) -> Int32 {
    if let problem = TileTable.problem { throw .environment(problem) }
    if let mistake = arguments.mistake {
      Console.error(mistake)
      return CommandArguments.usageCode
    }
    let free = Machine.availableMemory
    guard free >= leastMemory else {
      throw .environment(
        "dlrun needs \(leastMemory >> 20) MiB of memory, and the machine and the limits on this "
          + "process leave \(free >> 20) MiB")
    }
    ThreadShortage.observe { Console.error("warning: \($0)") }
    do {
      var command = try parseAsRoot(arguments.words)
      try command.run()
      // A training writes its results to files, so that standard output does not matter.
      if !(command is Train) { try StandardOutput.finish() }
      return 0
    } catch let failure as RunFailure {
      throw failure
    } catch {
      return try report(error, arguments)
    }
  }

  /// Prints the parser's result: a help page, or a message about the command line.
  private static func report(
    _ error: any Error, _ arguments: CommandArguments
  ) throws(RunFailure) -> Int32 {
    let (code, message) = (exitCode(for: error), fullMessage(for: error))
    guard code.isSuccess else {
      let text = arguments.mended(message)
      if !text.isEmpty { Console.error(text) }
      return code == .validationFailure ? CommandArguments.usageCode : code.rawValue
    }
    try Console.result(CompletionScript.withDefaultCommand(message))
    try StandardOutput.finish()
    return 0
  }

  /// Turns problems with the standard streams into ordinary failures.
  private static func prepareStreams() {
    // Training continues when the reader of a pipe closes it.
    signal(SIGPIPE, SIG_IGN)
    OpenOutput.ignoreSizeSignal
    // Opens streams that the caller has closed, so that files do not get their numbers.
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
