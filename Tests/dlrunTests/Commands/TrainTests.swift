import Files
import Oracles
import Testing

@Suite struct TrainTests {
  /// The files of every run. `boundary.svg` exists if a network classifies by two inputs, and
  /// `best.safetensors` if the run has test data.
  private static let files = [
    "history.csv", "history.svg", "model.yaml", "report.html", "run.json", "weights.safetensors",
  ]

  @Test func writesARunDirectory() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run([Program.model("spiral")], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    let lines = result.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 6)
    #expect(lines[0].hasPrefix("3000 iterations in "))
    #expect(lines[1].hasPrefix("  loss            0."))
    #expect(lines[2].hasPrefix("  train_loss      0."))
    #expect(lines[3].hasPrefix("  train_accuracy  0."))
    #expect(lines[3].hasSuffix("  (expected >= 0.97: met)"))
    #expect(lines[4] == "prediction: blob 'ip2'")
    #expect(lines[5] == "written to runs/spiral/001/ (report.html shows it)")
    #expect(
      folder.contents == ["runs/", "runs/spiral/", "runs/spiral/001/"]
        + (TrainTests.files + ["boundary.svg"]).sorted().map { "runs/spiral/001/\($0)" }
        + ["runs/spiral/latest"])
    let history = try folder.text("runs/spiral/001/history.csv").split(separator: "\n")
    #expect(history.count == 3001)
    #expect(history.first == "iteration,epoch,learning_rate,loss")
    #expect(history.last?.hasPrefix("3000,200,1.0,0.") == true)
  }

  /// Without momentum and decay, rows without a gradient stay as they are in any case.
  @Test func updatesOnlyTheRowsThatABatchReads() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data:
        train: {source: blobs, points_per_class: 64, class_count: 3, features: 4, deviation: 1000,
                scale: 10, batch_size: 16}
      network:
        - {name: words, type: Expression, formula: "floor(data) % 5000"}
        - {name: embed, type: Embed, input_dim: 5000, num_output: 24}
        - {name: ip, type: Linear, num_output: 3}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 30}
      """, to: "words.yaml")
    func train(_ name: String, _ overrides: String...) throws -> (history: String, weights: [UInt8])
    {
      let options = ["words.yaml", "--output", name] + overrides.flatMap { ["--set", $0] }
      let result = try Program.run(options, in: folder)
      try #require(result.exitCode == 0, "\(result.errors)")
      return (
        try folder.text("\(name)/history.csv"), try folder.bytes("\(name)/weights.safetensors")
      )
    }
    let lazy = "network.embed.lazy_update=true"
    #expect(try train("a") == train("b", lazy))
    #expect(try train("c", "solver.type=Adam") != train("d", "solver.type=Adam", lazy))
    #expect(
      try train("e", "solver.type=Adam", lazy, "solver.shards=3").weights
        == train("f", "solver.type=Adam", lazy, "solver.shards=3").weights)
    let narrow = try Program.run(
      ["check", "words.yaml", "--set", "network.embed.num_output=10", "--set", lazy], in: folder)
    #expect(narrow.exitCode == 1)
    #expect(narrow.errors.contains("lazy_update: expected a multiple of 8 as num_output"))
  }

  @Test func recordsTestsAndTheBestOfThem() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run([Program.model("iris"), "--output", "run"], in: folder)
    #expect(result.exitCode == 0)
    let lines = result.output.split(separator: "\n")
    let names = lines.filter { $0.hasPrefix("  ") }.map { String($0.split(separator: " ")[0]) }
    #expect(
      names == [
        "loss", "train_loss", "train_accuracy", "test_loss", "test_accuracy", "best_test_loss",
        "best_test_accuracy",
      ])
    #expect(
      lines.contains { $0.hasPrefix("best test: the greatest test_accuracy, after iteration ") })
    #expect(
      folder.contents == ["run/"]
        + (TrainTests.files + ["best.safetensors"]).sorted().map { "run/\($0)" })
    let rows = try folder.text("run/history.csv").split(separator: "\n")
    #expect(rows.first == "iteration,epoch,learning_rate,loss,test_loss,test_accuracy")
    #expect(rows.count == 321)
    #expect(rows.count { !$0.hasSuffix(",,") } == 41, "the header, and a test every epoch")
  }

  /// Runs are numbered, and `latest` links to the last.
  @Test func doesNotOverwriteARun() throws {
    let folder = try TemporaryFolder()
    let arguments = [
      Program.model("spiral"), "--set", "solver.max_iter=5", "--set", "expect=~", "--set",
    ]
    for seed in ["seed=1", "seed=2"] {
      // The file states max_epochs, which an empty override removes.
      let result = try Program.run(
        arguments + [seed, "--set", "solver.max_epochs=~"], in: folder)
      #expect(result.exitCode == 0)
    }
    #expect(try folder.text("runs/spiral/001/model.yaml").contains("\nseed: 1\n"))
    #expect(try folder.text("runs/spiral/002/model.yaml").contains("\nseed: 2\n"))
    #expect(try folder.text("runs/spiral/latest/model.yaml").contains("\nseed: 2\n"))
    #expect(!folder.holds("runs/spiral/003"))
  }

  /// A folder with a run is unchanged without `--overwrite`.
  @Test func refusesAFolderWithARun() throws {
    let folder = try TemporaryFolder()
    let short = ["--set", "solver.max_epochs=2", "--set", "expect=~", "--output", "run"]
    #expect(try Program.run([Program.model("spiral")] + short, in: folder).exitCode == 0)
    let before = try Program.shell("sha256sum run/*; stat --format %Y.%Z.%i run/*", in: folder)
    let result = try Program.run([Program.model("iris")] + short, in: folder)
    #expect(result.exitCode == 1)
    #expect(result.output.isEmpty)
    #expect(
      result.errors == """
        error: output 'run' holds a run already: choose another folder, or give --overwrite

        """)
    let after = try Program.shell("sha256sum run/*; stat --format %Y.%Z.%i run/*", in: folder)
    #expect(before.output == after.output)
    #expect(folder.contents.count == 8)
    let overwritten = try Program.run([Program.model("iris"), "--overwrite"] + short, in: folder)
    #expect(overwritten.exitCode == 0)
    #expect(try folder.text("run/model.yaml").hasPrefix("name: iris\n"))
  }

  @Test func refusesAFileAsItsFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("mine", to: "run")
    let result = try Program.run([Program.model("spiral"), "--output", "run"], in: folder)
    #expect(result.exitCode == 1)
    #expect(result.errors == "error: output 'run' is not a folder\n")
    #expect(try folder.text("run") == "mine")
  }

  @Test func refusesMoreMemoryThanItMayTake() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run([Program.model("iris"), "--memory-limit", "10MB"], in: folder)
    #expect(result.exitCode == 1)
    #expect(result.output.isEmpty)
    #expect(
      result.errors == """
        \(Program.model("iris")):14:5: error: model needs 32.0 MiB (program 32.0), limit 9.5 MiB
           14 |   - {name: ip1, type: Linear, num_output: 16}
              |     ^

        """)
    #expect(folder.contents.isEmpty)
    let enough = try Program.run([Program.model("iris"), "--memory-limit", "40MB"], in: folder)
    #expect(enough.exitCode == 0)
  }

  @Test(arguments: ["--quiet", "-q"])
  func isQuietWhenAsked(flag: String) throws {
    let folder = try TemporaryFolder()
    let result = try Program.run([Program.model("spiral"), flag, "--output", "run"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.output.isEmpty)
    #expect(result.errors.isEmpty)
    #expect(folder.holds("run/report.html"))
  }

  /// Missed expectations are reported at their positions and determine the exit code. The run is
  /// complete nevertheless.
  @Test func reportsMissedExpectations() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: moons, points_per_class: 20}}
      network:
        - {name: ip1, type: Linear, num_output: 2, weight_filler: {type: constant, value: 0}}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0, max_epochs: 1}
      expect:
        train_loss: "< 0.7"
        loss: "<= 0.5"
      """, to: "model.yaml")
    for quiet in [[], ["--quiet"]] {
      let result = try Program.run(["model.yaml", "--output", "run"] + quiet, in: folder)
      #expect(result.exitCode == 5)
      #expect(result.output.contains("  (expected <= 0.5: NOT MET)\n") == quiet.isEmpty)
      #expect(
        result.errors == """
          model.yaml:8:3: error: expect: loss: expected <= 0.5, received 0.6931472
              8 |   loss: "<= 0.5"
                |   ^

          """)
      #expect(
        folder.contents == ["model.yaml", "run/"]
          + (TrainTests.files + ["boundary.svg"]).sorted().map { "run/\($0)" })
      folder.remove("run")
    }
    let met = try Program.run(["model.yaml", "--set", "expect.loss=<= 0.7"], in: folder)
    #expect(met.exitCode == 0)
    #expect(met.errors.isEmpty)
  }

  /// A diverged run reports only the divergence, and no expectations.
  @Test func reportsOnlyADivergence() throws {
    let result = try Program.run(
      [Program.model("spiral"), "--set", "solver.base_lr=1e6"], in: TemporaryFolder())
    #expect(result.exitCode == 3)
    #expect(!result.errors.contains("expect"))
  }

  /// On a terminal one line changes in place, and disappears before the summary.
  @Test func showsProgressOnATerminal() throws {
    let folder = try TemporaryFolder()
    let model = Program.model("spiral")
    // The run takes at least half a second on any machine.
    let result = try Program.shell(
      "script --quiet --return --command "
        + "\"$dlrun '\(model)' --output run --set solver.max_epochs=20000 --set expect=null\" /dev/null",
      in: folder)
    #expect(result.exitCode == 0)
    let clear = "\r\u{1B}[K"
    let parts = result.output.split(separator: clear).map(String.init)
    try #require(parts.count >= 2)
    let form =
      /epoch \d+  iteration \d+\/300000  loss \d\.\d+(e-\d+)?  \d+\/s  \d+:\d\d left/
    for line in parts.dropLast() {
      #expect(line.wholeMatch(of: form) != nil, "\(line)")
    }
    #expect(parts.last?.hasPrefix("300000 iterations in ") == true)
  }

  /// Without a terminal, dlrun writes a plain line every ten seconds.
  @Test(.timeLimit(.minutes(2)))
  func showsProgressInAFile() throws {
    let folder = try TemporaryFolder()
    let model = Program.model("spiral")
    let result = try Program.shell(
      """
      $dlrun '\(model)' --output run --set solver.max_epochs=100000000 --set solver.display=10000 \
        > summary 2> progress &
      for look in {1..300}; do [ -s progress ] && break; sleep 0.2; done
      cat progress
      kill $!
      wait
      """, in: folder)
    let form =
      /epoch \d+  iteration \d+\/1500000000  loss \d\.\d+(e-\d+)?  \d+\/s  \d+:\d\d:\d\d left\n/
    #expect(result.output.wholeMatch(of: form) != nil, "\(result.output)")
    #expect(try folder.text("summary").isEmpty)
  }
}
