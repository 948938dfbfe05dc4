import Foundation
import Oracles
import Testing

/// Tests that no command replaces a file that it reads, or another file without permission.
@Suite struct OutputTests {
  /// Returns a folder with a model, its table and a run.
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: csv, file: t.csv, target: label, batch_size: 4}}
      network:
      - {name: ip, type: Linear, num_output: 2}
      - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 5}

      """, to: "m.yaml")
    try folder.write("a,b,label\n1,2,x\n3,1,y\n2,2,x\n4,0,y\n", to: "t.csv")
    let result = try Program.run(["m.yaml", "--output", "run", "--quiet"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    return folder
  }

  private static let predict = ["predict", "run", "--input", "t.csv", "--output"]
  private static let trace = ["trace", "m.yaml", "--output"]
  private static let verify = ["verify", "m.yaml", "--junit"]

  static let inputs: [([String], String, String)] = [
    (predict, "t.csv", "the data of --input"), (predict, "./t.csv", "the data of --input"),
    (predict, "hard.csv", "the data of --input"),
    (predict, "run/../t.csv", "the data of --input"),
    (predict, "run/weights.safetensors", "a file of the run"),
    (predict, "run/history.csv", "a file of the run"),
    (predict, "run/run.json", "a file of the run"),
    (predict, "run/model.yaml", "a file of the run"),
    (predict, "run/report.html", "a file of the run"),
    (predict, "hard.weights", "a file of the run"),
    (predict, "m.yaml", "the model file of the run"),
    (
      ["predict", "run", "--input", "u.csv", "--output"], "t.csv",
      "a file of the model's train data"
    ),
    (trace, "m.yaml", "the model file"), (trace, "t.csv", "a file of the model's train data"),
    (
      ["trace", "m.yaml", "--weights", "hard.weights", "--output"], "run/weights.safetensors",
      "the file of --weights"
    ),
    (["trace", "m.yaml", "--input", "u.csv", "--output"], "u.csv", "the file of --input"),
    (verify, "m.yaml", "the model file"), (verify, "t.csv", "a file of the model's train data"),
    (verify, "m.expected.csv", "the record of a model"),
    (["verify", ".", "--junit"], "./m.yaml", "the model file"),
    (
      ["verify", "m.yaml", "--set", "data.train.file=u.csv", "--junit"], "u.csv",
      "a file of the model's train data"
    ),
  ]

  /// dlrun refuses every path to an input, with and without `--overwrite`. No file changes.
  @Test func doesNotReplaceAnInput() throws {
    let folder = try OutputTests.folder()
    let made = try Program.shell(
      "cp t.csv u.csv && ln t.csv hard.csv && ln run/weights.safetensors hard.weights "
        + "&& $dlrun record m.yaml", in: folder)
    try #require(made.exitCode == 0, "\(made.errors)")
    let sum = "find . -type f | sort | xargs cksum"
    let before = try Program.shell(sum, in: folder).output
    for (arguments, name, role) in OutputTests.inputs {
      for flag in [[], ["--overwrite"]] {
        let result = try Program.run(arguments + [name] + flag, in: folder)
        let option = arguments.last ?? ""
        #expect(
          result.errors
            == "error: \(option) '\(name)' is \(role), which the command reads: "
            + "choose another name\n")
        #expect(result.exitCode == 1)
        #expect(result.output.isEmpty)
      }
    }
    #expect(try Program.shell(sum, in: folder).output == before)
  }

  /// dlrun replaces neither a link nor its target, nor files that a run did not write.
  @Test func doesNotReplaceLinksOrFilesOfARun() throws {
    let folder = try OutputTests.folder()
    try folder.write("mine", to: "target")
    let made = try Program.shell(
      "ln -s target link && ln -s nowhere dangling && ln -s /dev/stdout out "
        + "&& cp -r run other && mkdir other/checkpoints", in: folder)
    try #require(made.exitCode == 0)
    for name in ["link", "dangling", "out"] {
      for arguments in [OutputTests.predict, OutputTests.trace, OutputTests.verify] {
        let result = try Program.run(arguments + [name, "--overwrite"], in: folder)
        #expect(result.exitCode == 1)
        #expect(
          result.errors == "error: \(arguments.last ?? "") '\(name)' is a link, which is neither "
            + "replaced nor followed: name the file itself\n")
      }
    }
    #expect(try folder.text("target") == "mine")
    for name in [
      "run/best.safetensors", "other/weights.safetensors", "other/boundary.svg",
      "other/checkpoints/00000001.safetensors",
    ] {
      let result = try Program.run(OutputTests.predict + [name, "--overwrite"], in: folder)
      #expect(result.exitCode == 1)
      let run = name.hasPrefix("run/") ? "run" : name.contains("checkpoints") ? nil : "other"
      #expect(
        result.errors.hasSuffix(": choose another name\n")
          && result.errors.hasPrefix("error: --output '\(name)' is a file of the run in '"))
      if let run { #expect(result.errors.contains("in '\(run)'")) }
    }
    let kinds = try Program.shell("readlink link dangling out", in: folder)
    #expect(kinds.output == "target\nnowhere\n/dev/stdout\n")
  }

  /// Every command replaces other files only with `--overwrite`.
  @Test func replacesOtherFilesOnlyWithOverwrite() throws {
    let folder = try OutputTests.folder()
    try #require(try Program.run(["record", "m.yaml"], in: folder).exitCode == 0)
    for (index, arguments) in [OutputTests.predict, OutputTests.trace, OutputTests.verify]
      .enumerated()
    {
      let name = "out\(index)"
      try folder.write("mine", to: name)
      let refused = try Program.run(arguments + [name], in: folder)
      #expect(refused.exitCode == 1)
      #expect(
        refused.errors == "error: \(arguments.last ?? "") '\(name)' exists already: choose another "
          + "name, or add --overwrite\n")
      #expect(try folder.text(name) == "mine")
      #expect(try Program.run(arguments + [name, "--overwrite"], in: folder).exitCode == 0)
      let replaced = try withoutTimes(folder.bytes(name))
      #expect(replaced != "mine")
      #expect(try Program.run(arguments + ["new\(index)"], in: folder).exitCode == 0)
      #expect(try withoutTimes(folder.bytes("new\(index)")) == replaced)
    }
  }

  /// Returns the characters of a file, without the times of a JUnit report, which vary.
  private func withoutTimes(_ content: [UInt8]) -> String {
    String(content.map { Character(Unicode.Scalar($0)) }).replacing(#/ time="[0-9.]+"/#, with: "")
  }

  /// Tests every kind of path that is not a file.
  @Test func writesToStreams() throws {
    let folder = try OutputTests.folder()
    try #require(try Program.run(OutputTests.predict + ["y.csv"], in: folder).exitCode == 0)
    let table = try folder.text("y.csv")
    let line = "$dlrun predict run --input t.csv --output"
    for form in [
      "-", "/dev/stdout", "/proc/self/fd/1", "/dev/fd/1", "/dev/fd/3 3>&1", "- > x; cat x",
      "/dev/stdout | cat", ">(cat > got); wait; sleep 0.2; cat got",
      "/dev/null; cat y.csv", "pipe & cat pipe; wait",
    ] {
      let result = try Program.shell("rm -f pipe; mkfifo pipe; \(line) \(form)", in: folder)
      #expect(result.output == table, "\(form)")
      #expect(
        result.errors
          == "prediction: blob 'ip'\nweights: run/weights.safetensors (last)\n", "\(form)")
      #expect(result.exitCode == 0, "\(form)")
    }
    // `./-` names a file.
    let file = try Program.shell("\(line) ./- && cat ./-", in: folder)
    #expect(file.output == table)
    let trace = try Program.shell(
      "$dlrun trace m.yaml --output - > t1 && $dlrun trace m.yaml --output t2 && cmp t1 t2",
      in: folder)
    #expect(trace.exitCode == 0)
    #expect(trace.errors == "11 tensors written to -\n")
    #expect(trace.output == "11 tensors written to t2\n")
  }

  /// Standard output gets only the report, and the table goes to standard error.
  @Test func writesJUnitToStandardOutput() throws {
    let folder = try OutputTests.folder()
    try #require(try Program.run(["record", "m.yaml"], in: folder).exitCode == 0)
    let result = try Program.run(OutputTests.verify + ["-"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.output.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"))
    #expect(result.output.hasSuffix("</testsuites>\n"))
    #expect(result.errors.hasPrefix("m.yaml: same, "))
    #expect(result.errors.contains("\nmodel   result  compared     iterations\nm.yaml  same "))
  }

  @Test func refusesStandardOutputThatIsAnInput() throws {
    let folder = try OutputTests.folder()
    let before = try folder.text("t.csv")
    for name in ["-", "/dev/stdout"] {
      let result = try Program.shell(
        "$dlrun predict run --input t.csv --output \(name) >> t.csv", in: folder)
      #expect(result.exitCode == 1)
      #expect(
        result.errors == "error: --output '\(name)': standard output leads to the data of "
          + "--input, which the command reads\n")
    }
    #expect(try folder.text("t.csv") == before)
  }

  @Test(arguments: [
    ("/dev/full", 4, "cannot write '/dev/full': No space left on device"),
    (".", 4, "cannot write '.': expected a regular file, received a folder"),
    ("nowhere/y", 4, "cannot write 'nowhere/y': No such file or directory"),
    ("", 4, "cannot write '': the file name is empty"),
    ("/dev/fd/99", 4, "cannot write '/dev/fd/99': Bad file descriptor"),
    ("/dev/fd/0", 4, "cannot write '/dev/fd/0': Bad file descriptor"),
  ])
  func reportsAPathThatCannotBeWritten(name: String, code: Int32, message: String) throws {
    let folder = try OutputTests.folder()
    let result = try Program.run(OutputTests.predict + [name], in: folder)
    #expect(result.exitCode == code)
    #expect(result.errors == "error: \(message)\n")
  }

  /// A run's folder may contain a data file with the name of a run's file.
  @Test(arguments: ["cp t.csv run/history.csv", "ln -f t.csv run/history.csv"])
  func doesNotTrainOverItsOwnData(copy: String) throws {
    let folder = try OutputTests.folder()
    try #require(try Program.shell(copy, in: folder).exitCode == 0)
    let before = folder.contents
    let file = copy.hasPrefix("cp") ? "run/history.csv" : "t.csv"
    let result = try Program.run(
      ["m.yaml", "--set", "data.train.file=\(file)", "--output", "run", "--overwrite"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors == "error: output 'run' holds a file of the model's train data, which would be "
        + "replaced: choose another folder\n")
    #expect(folder.contents == before)
    #expect(try folder.text("run/history.csv").hasPrefix("a,b,label\n"))
  }

  /// Only `verify --update` replaces a record, and no command replaces a link.
  @Test func doesNotReplaceLinksToRecords() throws {
    let folder = try OutputTests.folder()
    let made = try Program.shell(
      "$dlrun record m.yaml && mv m.expected.csv kept && ln -s kept m.expected.csv", in: folder)
    try #require(made.exitCode == 0)
    let kept = try folder.text("kept")
    let update = try Program.run(
      ["verify", "m.yaml", "--update", "--set", "seed=9"], in: folder)
    #expect(update.exitCode == 1)
    #expect(
      update.output.hasSuffix(
        "  error: 'm.expected.csv' is a link, which --update neither replaces nor follows\n"))
    #expect(try folder.text("kept") == kept)
    try #require(try Program.shell("rm kept", in: folder).exitCode == 0)
    let record = try Program.run(["record", "m.yaml"], in: folder)
    #expect(record.exitCode == 1)
    #expect(
      record.errors
        == "error: 'm.expected.csv' already exists: 'dlrun verify --update' replaces it\n")
    #expect(try Program.shell("readlink m.expected.csv", in: folder).output == "kept\n")
  }
}
