internal import ArgumentParser
internal import Glibc
internal import Kernels
internal import Plans
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

  /// The arguments, `--resume=RUN` as two: the parser loses the value of an option that may have none, where another
  /// option follows.
  private static var arguments: [String] {
    CommandLine.arguments.dropFirst().flatMap { argument in
      argument.hasPrefix("--resume=")
        ? ["--resume", String(argument.dropFirst("--resume=".count))] : [argument]
    }
  }

  static func main() {
    // Nobody reading the end of a pipe is no reason to stop training.
    signal(SIGPIPE, SIG_IGN)
    guard KernelLibrary.canRun else {
      Console.error("error: dlrun needs a processor with AVX2 instructions, which this one lacks")
      Foundationless.exit(4)
    }
    let free = Machine.availableMemory
    guard free >= leastMemory else {
      Console.error(
        "error: dlrun needs \(leastMemory >> 20) MiB of memory, and the machine and the limits on "
          + "this process leave \(free >> 20) MiB")
      Foundationless.exit(4)
    }
    ThreadShortage.observe { Console.error("warning: \($0)") }
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let failure as RunFailure {
      Console.error(failure.rendered)
      Foundationless.exit(failure.exitCode)
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code.isSuccess {
        Console.result(message)
      } else if !message.isEmpty {
        Console.error(message)
      }
      Foundationless.exit(code == .validationFailure ? 2 : code.rawValue)
    }
  }
}

private enum Foundationless {
  static func exit(_ code: Int32) -> Never { Glibc.exit(code) }
}
