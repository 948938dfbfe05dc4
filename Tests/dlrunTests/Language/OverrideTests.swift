import Oracles
import Testing

@Suite struct OverrideTests {
  private func check(_ overrides: [String], model: String = "iris") throws -> Program.Result {
    try Program.run(
      ["check", Program.model(model)] + overrides.flatMap { ["--set", $0] }, in: TemporaryFolder())
  }

  @Test func isTypedAsInTheFile() throws {
    let result = try Program.run(
      [
        "expand", Program.model("iris"), "--set", "solver.base_lr=1e-2", "--set",
        "network.ip1.weight_filler={type: gaussian, std: 0.5}", "--set", "network.1.name=squash",
        "--set", "data.train.shuffle=false", "--set", "solver.test_interval=3 epochs", "--set",
        "name=other", "--set", "data.train.target=label", "--set", "solver.momentum= 0.5 ",
        "--set", "network.loss.bottom=[ip2, label]",
      ], in: TemporaryFolder())
    #expect(result.exitCode == 0)
    for line in [
      "name: other", "    shuffle: false", "  weight_filler: {type: gaussian, mean: 0, std: 0.5}",
      "- {name: squash, type: TanH}", "  base_lr: 0.01", "  test_interval: 3 epochs",
    ] {
      #expect(result.output.contains("\(line)\n"), "expected \(line)")
    }
  }

  /// The resolved model contains the overrides of a run, and reproduces the run.
  @Test func isRecordedInTheRun() throws {
    let folder = try TemporaryFolder()
    let first = try Program.run(
      [
        Program.model("spiral"), "--set", "seed=12", "--set", "solver.max_epochs=3", "--set",
        "expect=~",
        "--output", "first",
      ], in: folder)
    #expect(first.exitCode == 0)
    let model = try folder.text("first/model.yaml")
    #expect(model.contains("\nseed: 12\n"))
    #expect(model.contains("\n  max_epochs: 3\n"))
    let again = try Program.run(["first/model.yaml", "--output", "again"], in: folder)
    #expect(again.exitCode == 0)
    for file in ["model.yaml", "history.csv", "weights.safetensors"] {
      #expect(try folder.bytes("first/\(file)") == folder.bytes("again/\(file)"))
    }
  }

  /// Mistakes of the command line have positions.
  @Test func reportsMistakesAtTheirPlaces() throws {
    let result = try check([
      "solver.base_lr=fast", "network.ip7.num_output=3", "solver.momentun=0.5", "seed=-1",
    ])
    #expect(result.exitCode == 1)
    #expect(result.output.isEmpty)
    #expect(
      result.errors == """
        --set:1:6: error: seed: expected an integer of at least 0, received '-1'
            1 | seed=-1
              |      ^
        --set:1:8: error: solver: unknown field 'momentun'; did you mean 'momentum'?
            1 | solver.momentun=0.5
              |        ^
        --set:1:9: error: no 'ip7' in 'network'; did you mean 'ip1'?
            1 | network.ip7.num_output=3
              |         ^
        --set:1:16: error: base_lr: expected a number from 0 to 1000000, received 'fast'
            1 | solver.base_lr=fast
              |                ^

        """)
  }

  @Test(arguments: [
    (
      "solver.base_lr",
      """
      --set:1:1: error: expected key.path=value, received 'solver.base_lr'
          1 | solver.base_lr
            | ^

      """
    ),
    (
      "=1",
      """
      --set:1:1: error: expected key.path=value, received '=1'
          1 | =1
            | ^

      """
    ),
    (
      "name.first=1",
      """
      --set:1:6: error: no 'first' in 'name'
          1 | name.first=1
            |      ^

      """
    ),
    (
      "variables.dta=elsewhere",
      """
      --set:1:11: error: no 'dta' in 'variables'; did you mean 'data'?
          1 | variables.dta=elsewhere
            |           ^

      """
    ),
  ])
  func isRefused(override: String, message: String) throws {
    let result = try check([override])
    #expect(result.exitCode == 1)
    #expect(result.errors == message)
  }

  /// The whole text is the file's name. A missing file is reported at the option.
  @Test func namesAFileVerbatim() throws {
    let folder = try TemporaryFolder()
    let table = "a,b,label\n1,2,x\n3,1,y\n2,2,x\n4,0,y\n"
    try folder.write(
      """
      data: {train: {source: csv, file: t.csv, target: label, batch_size: 4}}
      network:
        - {name: ip1, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 5}
      """, to: "m.yaml")
    try folder.write(table, to: "t")
    try folder.write(table, to: "t.csv")
    for name in ["t #1.csv", "a: b.csv", "'q'.csv", " c ", "[d].csv", "[e]", "{f: 1}", "null", "7"]
    {
      let absent = try Program.run(
        ["check", "m.yaml", "--set", "data.train.file=\(name)"], in: folder)
      #expect(absent.exitCode == 4, "\(name)")
      #expect(
        absent.errors == """
          --set:1:17: error: \(name): expected a readable file: No such file or directory
              1 | data.train.file=\(name)
                |                 ^

          """)
      try folder.write(table, to: name)
      let run = try Program.run(
        ["m.yaml", "--set", "data.train.file=\(name)", "--output", "run", "--overwrite"], in: folder
      )
      #expect(run.exitCode == 0, "\(name): \(run.errors)")
      let expanded = try Program.run(["expand", "run/model.yaml", "--raw", "--json"], in: folder)
      #expect(expanded.output.contains("\"file\": \"\(name)\""), "\(expanded.output)")
    }
    let column = try Program.run(
      ["check", "m.yaml", "--set", "data.train.target=lable"], in: folder)
    #expect(column.errors.hasPrefix("--set:1:19: error: t.csv: "), "\(column.errors)")
    let expectation = try Program.run(
      ["m.yaml", "--set", "expect.loss=< 0", "--output", "unmet"], in: folder)
    #expect(expectation.exitCode == 5)
    #expect(expectation.errors.contains("--set:1:8: error: "), "\(expectation.errors)")
  }

  /// A variable of the file selects the data. Environment variables have no effect.
  @Test func selectsOtherData() throws {
    let folder = try TemporaryFolder()
    let moved = try Program.run(
      ["check", Program.model("iris"), "--set", "variables.data=nowhere"], in: folder,
      environment: ["data": "data"])
    #expect(moved.exitCode == 4)
    #expect(
      moved.errors == """
        \(Program.model("iris")):10:30: error: \(Program.package)/models/nowhere/iris.csv: expected a \
        readable file: No such file or directory
           10 |   train: {source: csv, file: "${data}/iris.csv", target: label, batch_size: 16, standardi…
              |                              ^
        --set:1:16: note: 'data' has its value here
            1 | variables.data=nowhere
              |                ^

        """)
    try folder.write(
      """
      data: {train: {source: csv, file: "${HOME}/x.csv", target: y}}
      network:
        - {name: ip1, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 2}
      """, to: "home.yaml")
    let environment = try Program.run(["check", "home.yaml"], in: folder)
    #expect(environment.exitCode == 1)
    #expect(
      environment.errors == """
        home.yaml:1:35: error: undefined variable 'HOME' (the file has no variables)
            1 | data: {train: {source: csv, file: "${HOME}/x.csv", target: y}}
              |                                   ^

        """)
  }
}
