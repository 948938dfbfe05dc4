import Oracles
import Testing

@Suite struct UsageTests {
  /// An invalid command line gives exit code 2 and the usage.
  @Test(
    arguments: [
      ([], "Error: Missing expected argument '<file>'"),
      (["train"], "Error: Missing expected argument '<file>'"),
      (["check"], "Error: Missing expected argument '<files> ...'"),
      (["predict", "a", "--input", "b"], "Error: Missing expected argument '--output <y.csv>'"),
      (["train", "a.yaml", "b.yaml"], "Error: Unexpected argument 'b.yaml'"),
      (["train", "a.yaml", "--fast"], "Error: Unknown option '--fast'"),
      (["train", "a.yaml", "--set"], "Error: Missing value for '--set <key.path=value>'"),
      (
        ["train", "a.yaml", "--threads", "0"],
        "Error: --threads: expected a number from 1 to 1024, received 0"
      ),
      (
        ["train", "a.yaml", "--threads", "1025"],
        "Error: --threads: expected a number from 1 to 1024, received 1025"
      ),
      (["trace", "a.yaml"], "Error: Missing expected argument '--output <out.safetensors>'"),
      (
        ["gradcheck", "a.yaml", "--step", "0"],
        "Error: --step: expected a number above 0 to 1000, received 0.0"
      ),
      (
        ["gradcheck", "a.yaml", "--threshold", "nan"],
        "Error: --threshold: expected a number above 0 to 1, received nan"
      ),
      (
        ["gradcheck", "a.yaml", "--samples", "0"],
        "Error: --samples: expected a number from 1 to 1000000, received 0"
      ),
      (
        ["time", "a.yaml", "--repeats", "0"],
        "Error: --repeats: expected a number from 1 to 100000, received 0"
      ),
      (["record"], "Error: Missing expected argument '<files> ...'"),
      (["verify"], "Error: Missing expected argument '<files> ...'"),
      (
        ["record", "a.yaml", "--tolerance", "0"],
        "Error: --tolerance: expected a number from 0.000001 to 0.5, received 0.0"
      ),
      (
        ["verify", "a.yaml", "--jobs", "0"],
        "Error: --jobs: expected a number from 1 to 256, received 0"
      ),
      (
        ["check", "a.yaml", "--memory-limit", "much"],
        "Error: --memory-limit: expected a size such as 500MB or 4GiB, received 'much'"
      ),
    ] as [([String], String)])
  func refusesACommandLine(arguments: [String], message: String) throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(arguments, in: folder)
    #expect(result.exitCode == 2)
    #expect(result.output.isEmpty)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.first.map(String.init) == message)
    #expect(lines.contains { $0.hasPrefix("Usage: dlrun") || $0.hasPrefix("USAGE: dlrun") })
    #expect(folder.contents.isEmpty)
  }

  @Test func helpNamesEveryCommandAndExitCode() throws {
    let result = try Program.run(["--help"], in: TemporaryFolder())
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    let commands = [
      "init", "train", "check", "show", "plan", "expand", "test", "predict", "record", "verify",
      "trace",
      "gradcheck", "time",
      "help-layer", "help-solver", "help-filler", "help-policy", "help-regularizer", "help-source",
      "help-transform",
    ]
    for command in commands {
      #expect(result.output.contains("\n  \(command) "), "help misses \(command)")
    }
    let text = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      text.contains(
        "Exit codes: 0 done, 1 refused input, 2 usage, 3 diverged, 4 input/output, 5 expectation, "
          + "record or gradient check not met, 130 and 143 stopped by a signal with its state "
          + "saved."))
  }

  @Test func printsItsVersion() throws {
    let result = try Program.run(["--version"], in: TemporaryFolder())
    #expect(result.exitCode == 0)
    #expect(result.output == "0.1.0 (arithmetic 1)\n")
  }

  /// bash accepts the script, which completes commands and layer types.
  @Test func writesACompletionScript() throws {
    let folder = try TemporaryFolder()
    let result = try Program.shell(
      "$dlrun --generate-completion-script bash > completions && bash -n completions", in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    let script = try folder.text("completions")
    for word in ["help-layer", "gradcheck", "--memory-limit", "SoftmaxWithLoss", "xavier"] {
      #expect(script.contains(word))
    }
  }

  /// Every command that reads a file gives exit code 4 if the file is missing.
  @Test(arguments: [
    ["train", "missing.yaml"], ["missing.yaml"], ["check", "missing.yaml"],
    ["show", "missing.yaml"], ["plan", "missing.yaml"], ["expand", "missing.yaml"],
    ["expand", "--raw", "missing.yaml"], ["trace", "missing.yaml", "--output", "out"],
    ["gradcheck", "missing.yaml"], ["time", "missing.yaml"],
  ])
  func reportsAMissingFile(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(arguments, in: folder)
    #expect(result.exitCode == 4)
    #expect(result.output.isEmpty)
    #expect(
      result.errors == "error: cannot read 'missing.yaml': No such file or directory\n")
    #expect(folder.contents.isEmpty)
  }

  @Test(arguments: [
    ["test", "run"], ["predict", "run", "--input", "x.csv", "--output", "y.csv"],
  ])
  func reportsAMissingRun(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(arguments, in: folder)
    #expect(result.exitCode == 4)
    #expect(
      result.errors == "error: cannot read 'run/model.yaml': No such file or directory\n")
    #expect(folder.contents.isEmpty)
  }

  @Test func refusesAFolderAsAFile() throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("model.yaml")
    let result = try Program.run(["model.yaml"], in: folder)
    #expect(result.exitCode == 4)
    #expect(result.errors == "error: cannot read 'model.yaml': it is a folder\n")
  }

  /// A closed standard output neither stops a training nor is an error.
  @Test(arguments: ["| true", ">&-", "> /dev/full", ">&- 2>&- <&-"])
  func trainsWithoutAReader(redirection: String) throws {
    let folder = try TemporaryFolder()
    let model = Program.model("spiral")
    let result = try Program.shell(
      "$dlrun '\(model)' --output run \(redirection); exit ${PIPESTATUS[0]}", in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    #expect(folder.holds("run/weights.safetensors"))
    #expect(folder.holds("run/report.html"))
  }
}
