internal import ArgumentParser
internal import Glibc
internal import Kernels
internal import Threads
internal import Training

/// The command line. Arguments, exit codes and printing; what is done is done elsewhere.
@main
struct Dlrun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dlrun",
    abstract: "Trains neural networks that are written down as text.",
    discussion: """
      `dlrun FILE` is `dlrun train FILE`.

      Exit codes: 0 done, 1 refused input, 2 usage, 3 diverged, 4 input/output, \
      5 expectation, record or \
      gradient check not met, 130 and 143 stopped by a signal with its state saved.
      """,
    version: Version.dlrun,
    subcommands: [
      Train.self, Check.self, Show.self, PrintPlan.self, Expand.self, Test.self, Predict.self,
      Record.self, Verify.self, Trace.self, CheckGradients.self, Time.self, HelpLayer.self,
      HelpSolver.self, HelpFiller.self, HelpPolicy.self, HelpRegularizer.self, HelpSource.self,
    ],
    defaultSubcommand: Train.self)

  /// What every command may take without asking, in bytes.
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

  /// Runs what the arguments ask for.
  ///
  /// - Returns: the exit code.
  private static func status(of arguments: CommandArguments) throws(RunFailure) -> Int32 {
    guard KernelLibrary.canRun else {
      throw .environment(
        "dlrun needs a processor with AVX2 instructions, which this one lacks")
    }
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
      // What a training leaves is in the folder of its run.
      if !(command is Train) { try StandardOutput.finish() }
      return 0
    } catch let failure as RunFailure {
      throw failure
    } catch {
      return try report(error, arguments)
    }
  }

  /// Prints what the parser of arguments says: a help page, or what is wrong with the command line.
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

  /// Makes what can happen to the standard streams a failure like any other.
  private static func prepareStreams() {
    // Nobody reading the end of a pipe is no reason to stop training.
    signal(SIGPIPE, SIG_IGN)
    OpenOutput.ignoreSizeSignal
    // No file of the program may get the number of a stream that the caller has closed.
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
