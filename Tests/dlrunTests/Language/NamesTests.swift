import Oracles
import Testing

/// Tests misspelt names, names in other encodings, and names that are too long.
@Suite struct NamesTests {
  private static let model = """
    data: {train: {source: csv, file: t.csv, target: label, batch_size: 4}}
    network:
    - {name: ip, type: Linear, num_output: 2}
    - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.1, max_iter: 5}

    """
  private static let table = "a,b,label\n1,2,x\n3,1,y\n2,2,x\n4,0,y\n"

  @Test(
    arguments: [
      (
        ["chekc", "m.yaml"],
        "Unknown command 'chekc', and no file of that name. Did you mean 'check'?"
      ),
      (
        ["help-layers"],
        "Unknown command 'help-layers', and no file of that name. Did you mean 'help-layer'?"
      ),
      (
        ["trian", "m.yaml", "--quiet"],
        "Unknown command 'trian', and no file of that name. Did you mean 'train'?"
      ),
      (["VERIFY"], "Unknown command 'VERIFY', and no file of that name. Did you mean 'verify'?"),
      (["help", "shwo"], "Unknown command 'shwo'. Did you mean 'show'?"),
      (["a.yaml", "--ouput", "x"], "Unknown option '--ouput'. Did you mean '--output'?"),
      (["a.yaml", "--Threads", "2"], "Unknown option '--Threads'. Did you mean '--threads'?"),
      (["a.yaml", "-weights", "x"], "Unknown option '-weights'. Did you mean '--weights'?"),
      (["a.yaml", "-quite"], "Unknown option '-quite'. Did you mean '--quiet'?"),
      (["a.yaml", "--fast"], "Unknown option '--fast'"),
      (["a.yaml", "--junit=x"], "Unknown option '--junit'. It is an option of 'dlrun verify'"),
      (["--hlep"], "Unknown option '--hlep'. Did you mean '--help'?"),
      (
        ["predict", "r", "--input", "t", "--outptu", "-"],
        "Unknown option '--outptu'. Did you mean '--output'?"
      ),
      (["verify", "m", "--job", "2"], "Unknown option '--job'. Did you mean '--jobs'?"),
      (
        ["time", "m", "--phase", "tset"],
        "The value 'tset' is invalid for '--phase <phase>': expected train or test, received 'tset'; did you mean 'test'?"
      ),
      (
        ["a.yaml", "--threads", "\u{1B}[31m"],
        "The value '\\u{1B}[31m' is invalid for '--threads <n>'"
      ),
    ] as [([String], String)])
  func suggestsTheNearestName(arguments: [String], message: String) throws {
    let result = try Program.run(arguments, in: TemporaryFolder())
    #expect(result.exitCode == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.split(separator: "\n").first.map(String.init) == "Error: \(message)")
    #expect(result.errors.contains("--help' for more information."))
  }

  /// For a word that resembles no command and is not a file, the message lists all commands.
  @Test func listsAllCommandsForAnUnknownWord() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(["import", "net.prototxt"], in: folder)
    #expect(result.exitCode == 2)
    #expect(
      result.errors.hasPrefix(
        "Error: Unknown command 'import', and no file of that name. The commands are init, train, "
      ))
    try folder.write(NamesTests.model, to: "chekc")
    try folder.write(NamesTests.table, to: "t.csv")
    #expect(try Program.run(["chekc", "--quiet"], in: folder).exitCode == 0)
    #expect(folder.holds("runs/chekc/001/weights.safetensors"))
  }

  @Test func suggestsTheNearestShell() throws {
    let result = try Program.run(["--generate-completion-script", "bsah"], in: TemporaryFolder())
    #expect(result.exitCode == 2)
    #expect(
      result.errors.hasPrefix(
        "Error: Can't generate completion scripts for 'bsah'. Did you mean 'bash'?\n"))
  }

  @Test(
    arguments: [
      (
        ["--output", "o", "--resume", "--overwrite"],
        "--resume: expected no --overwrite, which replaces the run"
      ),
      (["--resume", "--overwrite"], "--resume: expected no --overwrite, which replaces the run"),
      (["--resume=r", "--overwrite"], "--resume: expected no --overwrite, which replaces the run"),
      (["--overwrite"], "--overwrite: expected --output as well"),
      (
        ["--resume", "r", "--output", "o"],
        "--resume RUN: expected neither --output nor --weights, which apply to new runs"
      ),
      (
        ["--resume", "r", "--weights", "w"],
        "--resume RUN: expected neither --output nor --weights, which apply to new runs"
      ),
      (["--allow-missing"], "--allow-missing: expected --weights as well"),
    ] as [([String], String)])
  func refusesAContradiction(options: [String], message: String) throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(["a.yaml"] + options, in: folder)
    #expect(result.exitCode == 2)
    #expect(result.errors.split(separator: "\n").first.map(String.init) == "Error: \(message)")
    #expect(folder.contents.isEmpty)
  }

  @Test func overwriteOfVerifyNeedsAFile() throws {
    let result = try Program.run(["verify", "a.yaml", "--overwrite"], in: TemporaryFolder())
    #expect(result.exitCode == 2)
    #expect(result.errors.hasPrefix("Error: --overwrite: expected --junit as well\n"))
  }

  /// Tests every path argument with a byte that is not UTF-8.
  @Test func namesNeedNotBeUTF8() throws {
    let folder = try TemporaryFolder()
    try folder.write(NamesTests.model, to: "m.yaml")
    try folder.write(NamesTests.table, to: "t.csv")
    let result = try Program.shell(
      """
      set -e; N=$'caf\\xe9'
      mkdir "$N"; mv m.yaml "$N/$N.yaml"; mv t.csv "$N/$N.csv"
      cp "$N/$N.csv" "$N/t.csv"
      $dlrun check "$N/$N.yaml"
      $dlrun "$N/$N.yaml" --output "run$N" --quiet
      $dlrun test "run$N" > /dev/null
      $dlrun predict "run$N" --input "$N/$N.csv" --output "out$N"; test -s "out$N"
      $dlrun predict "run$N" --input "$N/$N.csv" --output "out$N" --overwrite
      cp "run$N/weights.safetensors" "w$N"
      $dlrun "$N/$N.yaml" --weights "w$N" --output "again$N" --quiet
      $dlrun trace "$N/$N.yaml" --weights "w$N" --output "trace$N" > /dev/null; test -s "trace$N"
      $dlrun record "$N/$N.yaml" > /dev/null; test -s "$N/$N.expected.csv"
      $dlrun verify "$N" --junit "junit$N" > /dev/null; test -s "junit$N"
      for command in show plan expand gradcheck; do $dlrun $command "$N/$N.yaml" > /dev/null; done
      $dlrun time "$N/$N.yaml" --repeats 1 > /dev/null
      cd "$N"; $dlrun "$N.yaml" --quiet --set solver.snapshot=2 --output r
      $dlrun "$N.yaml" --quiet --set solver.snapshot=2 --output r --resume
      """, in: folder)
    // The output names weights, prediction, and the verified model.
    let run = "weights: runcaf\\xE9/weights.safetensors (last)\n"
    #expect(
      result.errors.hasPrefix(
        run + "prediction: blob 'ip'\n" + run + "prediction: blob 'ip'\n" + run))
    #expect(
      result.errors.split(separator: "\n").last?.hasPrefix("caf\\xE9/caf\\xE9.yaml: same, ") == true
    )
    #expect(result.exitCode == 0)
    #expect(result.output == "caf\\xE9/caf\\xE9.yaml: fine (data 2, label: classes)\n")
    let missing = try Program.shell("$dlrun check $'n\\xe9ant.yaml'", in: folder)
    #expect(missing.exitCode == 4)
    #expect(missing.errors == "error: cannot read 'n\\xE9ant.yaml': No such file or directory\n")
  }

  /// Every command accepts the folder of a name as its latest run.
  @Test func folderOfANameIsItsLatestRun() throws {
    let folder = try TemporaryFolder()
    try folder.write(NamesTests.model, to: "m.yaml")
    try folder.write(NamesTests.table, to: "t.csv")
    for seed in ["1", "2"] {
      let result = try Program.run(
        ["m.yaml", "--quiet", "--set", "seed=\(seed)", "--set", "solver.snapshot=5"], in: folder)
      try #require(result.exitCode == 0)
    }
    let latest = try Program.run(["test", "runs/m/002"], in: folder)
    let first = try Program.run(["test", "runs/m/001"], in: folder)
    try #require(latest.output != first.output && latest.exitCode == 0)
    for name in ["runs/m", "runs/m/", "./runs/m/.", "runs/m/latest"] {
      let result = try Program.run(["test", name], in: folder)
      #expect(result.output == latest.output, "\(name)")
    }
    let below = try Program.shell(
      "cd runs/m && $dlrun test . && cd .. && $dlrun test m", in: folder)
    #expect(below.output == latest.output + latest.output)
    let predict = ["--input", "t.csv", "--output", "-"]
    let named = try Program.run(["predict", "runs/m"] + predict, in: folder)
    #expect(
      named.output == (try Program.run(["predict", "runs/m/002"] + predict, in: folder).output))
    #expect(
      named.output != (try Program.run(["predict", "runs/m/001"] + predict, in: folder).output))
    let resumed = try Program.run(
      [
        "m.yaml", "--set", "seed=2", "--set", "solver.snapshot=5", "--set", "solver.max_iter=7",
        "--resume", "runs/m",
      ], in: folder)
    #expect(resumed.exitCode == 0)
    #expect(resumed.errors.hasPrefix("resumes after iteration 5, from runs/m/002/checkpoints/"))
    let missing = try Program.run(["test", "runs"], in: folder)
    #expect(missing.errors == "error: cannot read 'runs/model.yaml': No such file or directory\n")
  }

  /// Tests a shape of 100,000 axes in a weights file, and a type and a name of 200,000 letters.
  @Test(.tags(.slow)) func shortensLongTextsOfFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write(NamesTests.model, to: "m.yaml")
    try folder.write(NamesTests.table, to: "t.csv")
    let ones = [String](repeating: "1", count: 100_000).joined(separator: ",")
    let long = String(repeating: "n", count: 200_000)
    let headers = [
      #"{"ip.weight":{"dtype":"F32","shape":[\#(ones)],"data_offsets":[0,4]}}"#,
      #"{"ip.weight":{"dtype":"\#(long)","shape":[1],"data_offsets":[0,4]}}"#,
      #"{"\#(long)":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      #"{"data":{"dtype":"F32","shape":[\#(ones)],"data_offsets":[0,4]}}"#,
    ]
    for header in headers {
      let count = UInt64(header.utf8.count)
      let length = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) }
      try folder.write(length + Array(header.utf8) + [0, 0, 0, 0], to: "w")
      for arguments in [
        ["m.yaml", "--weights", "w", "--output", "run"],
        ["trace", "m.yaml", "--weights", "w", "--output", "-"],
        ["trace", "m.yaml", "--input", "w", "--output", "-"],
      ] {
        let result = try Program.run(arguments, in: folder)
        #expect(result.exitCode == 1)
        #expect(result.errors.hasPrefix("error: w"))
        #expect(result.errors.utf8.count < 1500, "\(result.errors.prefix(200))")
      }
    }
    let shape = try Program.run(["trace", "m.yaml", "--input", "w", "--output", "-"], in: folder)
    #expect(
      shape.errors == "error: w: 'data': expected a shape such as 4x2, received "
        + String(repeating: "1x", count: 32) + "… (100000 axes)\n")
    let name = String(repeating: "z", count: 100_000)
    for arguments in [
      [name], ["check", name], ["a.yaml", "--\(name)"], ["a.yaml", "--threads", name],
      ["a.yaml", "--set", name], ["a.yaml", name], ["help-layer", name], ["a.yaml", "-\(name)"],
      ["verify", "a.yaml", "--junit", name], ["predict", "r", "--input", "t", "--output", name],
    ] {
      let result = try Program.run(arguments, in: folder)
      #expect(result.exitCode != 0)
      #expect(result.errors.utf8.count < 5000, "\(arguments.map { $0.prefix(20) })")
    }
  }
}
