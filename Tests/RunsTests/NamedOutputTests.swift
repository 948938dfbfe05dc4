import Files
import Glibc
import Oracles
import RunOracles
import Runs
import Testing

@Suite("An output that the command line names") struct NamedOutputTests {
  private func output(
    _ path: String, overwrites: Bool = false, _ inputs: InputFiles = InputFiles()
  ) throws(RunFailure) -> NamedOutput {
    try NamedOutput(path, option: "--output", overwrites: overwrites, sparing: inputs)
  }

  @Test("does not replace a file that appeared after the check")
  func race() throws {
    let folder = try TemporaryFolder()
    let place = try output(folder.file("y.csv"), overwrites: true)
    try folder.write("another's", to: "y.csv")
    #expect(
      refusal { () throws(RunFailure) in try place.write("mine") }
        == "error: cannot write '\(folder.file("y.csv"))': File exists")
    #expect(try folder.text("y.csv") == "another's")
    #expect(folder.contents == ["y.csv"])
    let again = try output(folder.file("y.csv"), overwrites: true)
    try again.write("mine")
    #expect(try folder.text("y.csv") == "mine")
    #expect(folder.contents == ["y.csv"])
  }

  @Test("must differ from every input, even if neither exists yet")
  func missing() throws {
    let folder = try TemporaryFolder()
    var inputs = InputFiles()
    inputs.add(folder.file("later.csv"), as: "the later table")
    let path = "\(folder.path)/./later.csv"
    #expect(
      refusal { () throws(RunFailure) in try output(path, overwrites: true, inputs) }
        == "error: --output '\(path)' is the later table, which the command reads: "
        + "choose another name")
    _ = try output(folder.file("other.csv"), inputs)
  }

  @Test(
    "counts as a file of a run by its place and name, even if it does not exist",
    arguments: [
      ("run/best.safetensors", true), ("run/report.html", true),
      ("run/checkpoints/00000005.safetensors", true), ("run/model.yaml", true),
      ("run/predictions.csv", false), ("run/checkpoints/x.csv", false),
      ("best.safetensors", false), ("run.json", false),
    ])
  func fileOfARun(name: String, isRefused: Bool) throws {
    let folder = try TemporaryFolder()
    for part in ["run", "run/checkpoints"] { try folder.makeFolder(part) }
    for part in ["run/model.yaml", "run/run.json", "model.yaml"] {
      try folder.write("x", to: part)
    }
    let path = folder.file(name)
    let message = refusal { () throws(RunFailure) in try output(path, overwrites: true) }
    let run = folder.file("run")
    #expect(
      message
        == (isRefused
          ? "error: --output '\(path)' is a file of the run in '\(run)': choose another name" : ""))
  }

  @Test("waits a limited time for the reader of a pipe")
  func pipe() throws {
    let folder = try TemporaryFolder()
    let status = unsafe mkfifo(folder.file("pipe"), 0o600)
    try #require(status == 0)
    let reader = unsafe Glibc.open(folder.file("pipe"), O_RDONLY | O_NONBLOCK)
    try #require(reader >= 0)
    let place = try output(folder.file("pipe"))
    try place.write("through")
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = unsafe read(reader, &buffer, buffer.count)
    #expect(buffer.prefix(max(0, count)) == Array("through".utf8)[...])
    close(reader)
    #expect(folder.contents == ["pipe"])
  }

  @Test("must not be a disk, memory or a socket")
  func devices() throws {
    #expect(
      refusal { () throws(RunFailure) in try output("/dev/random", overwrites: true) }
        == "error: cannot write '/dev/random': expected a file, a pipe or a terminal, received a "
        + "device")
    try output("/dev/null").write("nothing")
    #expect(
      refusal { () throws(RunFailure) in try output("/dev/full").write("x") }
        == "error: cannot write '/dev/full': No space left on device")
  }

  @Test("is refused in at most 4,000 characters, even if its name is long")
  func longMessages() {
    let long = String(repeating: "x", count: 100_000)
    for failure in [RunFailure.refusedInput(long), .environment(long), .unmet(long)] {
      #expect(failure.rendered == "error: " + String(repeating: "x", count: 4000) + "…")
    }
  }
}
