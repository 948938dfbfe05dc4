import Files
import ModelFiles
import Oracles
import Testing

/// Tests formulas as metrics, and their choice of the best test.
@Suite struct OwnMetricTests {
  /// Trains two frozen heads on 7 rows in batches of 3, 3 and 1. The targets are 1 to 7.
  private func train(
    _ layers: String, solver: String = "", expect: String = "", in folder: TemporaryFolder
  ) throws -> Program.Result {
    let rows = (1...7).map { "\($0),0,\($0)\n" }.joined()
    try folder.write("a,b,y\n" + rows, to: "t.csv")
    try folder.write(
      """
      data:
        train: {source: csv, file: t.csv, target: y, task: regression, batch_size: 4}
        test: {source: csv, file: t.csv, target: y, task: regression, batch_size: 3}
      network:
      - {name: ip, type: Linear, num_output: 1, weight_filler: {type: constant, value: 0}}
      - {name: loss, type: EuclideanLoss}
      \(layers)
      solver: {base_lr: 0.001, max_epochs: 4\(solver)}
      \(expect)

      """, to: "net.yaml")
    return try Program.run(["net.yaml", "--output", "run", "--overwrite"], in: folder)
  }

  private func column(_ name: String, in folder: TemporaryFolder) throws -> [Double] {
    let rows = try folder.text("run/history.csv").split(separator: "\n").map { row in
      row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let place = try #require(rows[0].firstIndex(of: name), "\(rows[0])")
    return rows.dropFirst().compactMap { Double($0[place]) }
  }

  /// The default bottom of a layer is never a metric of the file, also in blocks and after repeats.
  @Test func laterLayersSkipAMetric() throws {
    let folder = try TemporaryFolder()
    let layers = """
      - {name: stated, type: MAE, bottom: [ip, label], phase: test}
      - {name: far, type: Power, shift: 100, phase: test, metric: min, repeat: 2}
      - {name: plain, type: MAE, phase: test}
      - {name: call, block: scores}
      """
    let block = """
      blocks:
        scores:
          layers:
            - {name: far, type: Power, shift: 100, phase: test, metric: min}
            - {name: mae, type: MAE, phase: test}
      """
    let result = try train(layers, expect: block, in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    let expected = try column("test_stated", in: folder)
    for name in ["test_plain", "test_call/mae"] {
      #expect(try column(name, in: folder) == expected, "\(name)")
    }
    #expect(try column("test_far/1", in: folder) == column("test_far/0", in: folder))
  }

  /// Every declaration of the formula gives the mean of 1 to 7 over batches of unequal size.
  @Test(
    arguments: [
      "phase: test, loss_weight: 1", "phase: test, loss_weight: 0", "phase: test", "metric: max",
      "phase: test, metric: min",
    ])
  func aFormulaIsTheMeanOverTheExamples(role: String) throws {
    let folder = try TemporaryFolder()
    let result = try train(
      "- {name: m, type: Expression, bottom: [ip, label], formula: \"label + 0 * ip\", \(role)}",
      expect: "expect: {test_m: \">= 4\"}", in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try column("test_m", in: folder) == [4, 4, 4, 4])
    for size in [1, 2, 7, 50] {
      let test = try Program.run(
        ["test", "run", "--weights", "last", "--set", "data.test.batch_size=\(size)"], in: folder)
      #expect(test.output.contains("\ntest_m 4.0\n"))
    }
  }

  /// All values of an array have the same weight. A formula that divides by N gives the same mean.
  @Test func allValuesOfAnExampleCountEqually() throws {
    let folder = try TemporaryFolder()
    let result = try train(
      """
      - {name: both, type: Expression, bottom: data, formula: "data", phase: test, metric: max}
      - {name: share, type: Expression, bottom: label, formula: "label / N", phase: test}
      - {name: part, type: Reduction, bottom: label, operation: MEAN, axis: 0, phase: test}
      """, in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try column("test_both", in: folder) == [2, 2, 2, 2])
    #expect(try column("test_share", in: folder) == [4, 4, 4, 4])
    #expect(try column("test_part", in: folder) == [4, 4, 4, 4])
  }

  /// The mean of the prediction rises from test to test.
  @Test func bestFollowsTheStatedMetric() throws {
    let formula = "- {name: m, type: Expression, bottom: ip, formula: \"ip\""
    for (metric, best, mode, iteration) in [
      (", phase: test, loss_weight: 1}", ", best: {metric: test_m, mode: max}", "max", 8),
      (", phase: test, loss_weight: 1}", ", best: {metric: test_m, mode: min}", "min", 2),
      (", metric: max}", "", "max", 8), (", metric: min}", "", "min", 2),
      (", metric: max}", ", best: {metric: test_m, mode: min}", "min", 2),
    ] {
      let folder = try TemporaryFolder()
      let result = try train(formula + metric, solver: best, in: folder)
      #expect(result.exitCode == 0, "\(result.errors)")
      let values = try column("test_m", in: folder)
      #expect(values == values.sorted() && Set(values).count == 4)
      let name = mode == "max" ? "greatest" : "least"
      #expect(
        result.output.contains("\nbest test: the \(name) test_m, after iteration \(iteration)\n"))
      let record = try folder.text("run/run.json")
      #expect(
        record.contains(
          """
            "best": {
              "metric": "test_m",
              "mode": "\(mode)",
              "iteration": \(iteration)
            },
          """))
      let page = try folder.text("run/report.html")
      #expect(page.contains("the \(name) test_m, iteration \(iteration)"))
      let test = try Program.run(["test", "run"], in: folder)
      let expected = mode == "max" ? values[3] : values[0]
      #expect(test.output.contains("\ntest_m \(Float(expected))\n"))
    }
  }

  /// A formula without `better` does not decide the best test.
  @Test func withoutADirectionBestFollowsTheLoss() throws {
    let folder = try TemporaryFolder()
    let result = try train(
      "- {name: m, type: Expression, bottom: ip, formula: \"ip\", phase: test, loss_weight: 1}",
      in: folder)
    #expect(result.output.contains("\nbest test: the least test_loss, after iteration 8\n"))
  }

  @Test func keepsNoBestWeightsWithoutADirection() throws {
    let folder = try TemporaryFolder()
    try folder.write("a,y\n1,1\n2,2\n", to: "t.csv")
    try folder.write(
      """
      data:
        train: {source: csv, file: t.csv, target: y, task: regression}
        test: {source: csv, file: t.csv, target: y, task: regression}
      network:
      - {name: ip, type: Linear, num_output: 1}
      - {name: loss, type: EuclideanLoss, phase: train}
      - {name: m, type: Expression, bottom: [ip, label], formula: "ip - label", phase: test}
      solver: {base_lr: 0.01, max_epochs: 2}

      """, to: "net.yaml")
    let result = try Program.run(["net.yaml", "--output", "run"], in: folder)
    #expect(result.exitCode == 0)
    #expect(
      result.errors.contains(
        "cannot keep the best weights: the tests report only metrics without a known direction; state "
          + "metric: max or min in a layer, or best in the solver\n"))
    #expect(!folder.holds("run/best.safetensors"))
    #expect(!result.output.contains("best test"))
    let refused = try Program.run(
      ["check", "net.yaml", "--set", "solver.snapshot_on=best"], in: folder)
    #expect(refused.exitCode == 1)
    #expect(
      refused.errors.contains(
        "snapshot_on: the tests report only metrics without a known direction: expected metric: max "
          + "or min in a layer, or best in the solver"))
  }

  @Test func refusesToFollowAnUnknownMetric() throws {
    let folder = try TemporaryFolder()
    let formula =
      "- {name: m, type: Expression, bottom: ip, formula: \"ip\", phase: test, loss_weight: 1}"
    for (solver, message) in [
      (
        ", best: {metric: m, mode: max}",
        "best: no test of this model reports 'm' (known: test_loss, test_m); did you mean 'test_m'?"
      ),
      (
        ", best: {metric: test_m}",
        "best: it is not known whether greater or lower values of 'test_m' are better: expected mode: "
          + "max or min"
      ),
      (
        ", early_stop: {metric: test_m}",
        "early_stop: it is not known whether greater or lower values of 'test_m' are better: "
          + "expected metric: max or min in its layer, or solver.best with its mode"
      ),
      (
        ", lr_policy: {type: plateau, metric: test_m}",
        "lr_policy: it is not known whether greater or lower values of 'test_m' are better: "
          + "expected metric: max or min in its layer, or solver.best with its mode"
      ),
      (
        ", best: {metric: loss}",
        "best: no test of this model reports 'loss' (known: test_loss, test_m); did you mean "
          + "'test_loss'?"
      ),
    ] {
      let result = try train(formula, solver: solver, in: folder)
      #expect(result.exitCode == 1)
      let line = "solver: {base_lr: 0.001, max_epochs: 4\(solver)}"
      let column = try #require(line.firstRange(of: "metric: ")).upperBound
      let place = line.distance(from: line.startIndex, to: column) + 1
      #expect(result.errors.hasPrefix("net.yaml:8:\(place): error: \(message)\n"))
      #expect(result.errors.hasSuffix("^\n"))
    }
  }

  /// The prediction rises, so that a metric that should fall stops improving at once.
  @Test func earlyStopObeysTheDirection() throws {
    for (mode, stops) in [("min", true), ("max", false)] {
      for (metric, best) in [
        (", metric: \(mode)}", ""),
        (", phase: test, loss_weight: 1}", ", best: {metric: test_m, mode: \(mode)}"),
      ] {
        let folder = try TemporaryFolder()
        let result = try train(
          "- {name: m, type: Expression, bottom: ip, formula: \"ip\"" + metric,
          solver: best + ", early_stop: {metric: test_m, patience: 1}", in: folder)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(
          result.output.contains("stopped early: test_m did not improve in 1 test") == stops)
      }
    }
  }

  /// The best test survives a stop: its iteration is the same as in an uninterrupted run.
  @Test func theBestTestSurvivesAResume() throws {
    let formula = "- {name: m, type: Expression, bottom: ip, formula: \"ip\", metric: min}"
    let folder = try TemporaryFolder()
    let whole = try train(formula, solver: ", snapshot: 4", in: folder)
    #expect(whole.output.contains("\nbest test: the least test_m, after iteration 2\n"))
    folder.remove("run/checkpoints/00000008.safetensors")
    let again = try Program.run(["net.yaml", "--output", "run", "--resume"], in: folder)
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(again.output.contains("\nbest test: the least test_m, after iteration 2\n"))
  }
}
