import Files
import Oracles
import Testing

/// Tests the blob and the weights of `dlrun predict`, and its messages.
@Suite struct PredictionTests {
  private static let table = "a,b,label\n1,2,x\n3,1,y\n2,2,x\n4,0,y\n"
  private static let rows = "a,b\n1,2\n4,0\n"

  /// Trains a network with two inputs, in the folder `run`.
  private func train(
    _ network: String, task: String = "", targets: String = "label", extra: String = "",
    solver: String = "{base_lr: 0.1, max_iter: 5}", table: String = PredictionTests.table
  ) throws -> (folder: TemporaryFolder, result: Program.Result) {
    let folder = try TemporaryFolder()
    try folder.write(table, to: "t.csv")
    try folder.write(PredictionTests.rows, to: "rows.csv")
    try folder.write(
      """
      data:
        train: {source: csv, file: t.csv, target: \(targets), inputs: [a, b], batch_size: 4\(task)}
      network:
      \(network)
      solver: \(solver)
      \(extra)

      """, to: "net.yaml")
    return (folder, try Program.run(["net.yaml", "--output", "run"], in: folder))
  }

  private func predict(_ folder: TemporaryFolder, _ options: [String] = []) throws -> Program.Result
  {
    try Program.run(
      ["predict", "run", "--input", "rows.csv", "--output", "y.csv", "--overwrite"] + options,
      in: folder)
  }

  private func cells(_ folder: TemporaryFolder) throws -> [[String]] {
    try folder.text("y.csv").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map
    {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private static let heads = """
    - {name: h1, type: Linear, num_output: 2}
    - {name: h2, type: Linear, num_output: 2, bottom: data}
    - {name: l1, type: SoftmaxWithLoss, bottom: [h1, label], loss_weight: 2}
    - {name: l2, type: SoftmaxWithLoss, bottom: [h2, label]}
    - {name: code, type: Power, bottom: label, power: 1}
    """

  @Test func namesThePredictionEverywhere() throws {
    let (folder, result) = try train(PredictionTests.heads)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.contains("\nprediction: blob 'h1'\nwritten to run/"))
    #expect(try folder.text("run/run.json").contains("\n  \"prediction\": \"h1\",\n"))
    let shown = try Program.run(["show", "net.yaml"], in: folder)
    #expect(shown.output.contains("\nprediction: h1\nmemory: "))
    let predicted = try predict(folder)
    #expect(predicted.exitCode == 0)
    #expect(
      predicted.errors == """
        prediction: blob 'h1'
        weights: run/weights.safetensors (last)

        """)
    #expect(try cells(folder).map { $0[0] } == ["class", "x", "y"])
  }

  @Test func usesTheRequestedBlob() throws {
    let (folder, _) = try train(PredictionTests.heads, extra: "output: h2")
    #expect(try predict(folder).errors.hasPrefix("prediction: blob 'h2'\n"))
    let second = try folder.text("y.csv")
    #expect(try predict(folder, ["--blob", "h1"]).errors.hasPrefix("prediction: blob 'h1'\n"))
    #expect(try folder.text("y.csv") != second)
    #expect(try cells(folder)[0] == ["class", "probability_x", "probability_y"])
    let expanded = try Program.run(["expand", "net.yaml"], in: folder)
    #expect(expanded.output.contains("\noutput: h2\n"))
    let refused = try predict(folder, ["--blob", "h3"])
    #expect(refused.exitCode == 1)
    #expect(
      refused.errors == """
        --blob:1:1: error: output: no layer of the test phase makes a blob 'h3'; did you mean 'h1'?
            1 | h3
              | ^

        """)
  }

  @Test func namesValuesByBlobAndTarget() throws {
    let table = "a,b,u,v\n1,2,3,4\n3,1,2,2\n"
    let layers = """
      - {name: ip, type: Linear, num_output: 2}
      - {name: s, type: Slice, bottom: label, top: [u, v], slice_point: 1}
      - {name: loss, type: EuclideanLoss, bottom: [ip, label]}
      """
    let (folder, result) = try train(layers, targets: "[u, v]", table: table)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try predict(folder).exitCode == 0)
    #expect(try cells(folder)[0] == ["ip_u", "ip_v"])
  }

  @Test func namesReconstructedInputs() throws {
    let layers = """
      - {name: code, type: Linear, num_output: 1}
      - {name: decode, type: Linear, num_output: 2}
      - {name: loss, type: EuclideanLoss, bottom: [data, decode]}
      """
    let (folder, _) = try train(layers)
    #expect(try predict(folder).exitCode == 0)
    #expect(try cells(folder)[0] == ["decode_a", "decode_b"])
    #expect(try predict(folder, ["--blob", "code"]).exitCode == 0)
    #expect(try cells(folder)[0] == ["code_1"])
  }

  @Test func writesFeaturesOfAPairAsValues() throws {
    let layers = """
      - {name: f, type: Linear, num_output: 2, param: [{name: w}, {name: b}]}
      - {name: g, type: Linear, num_output: 2, bottom: data, param: [{name: w}, {name: b}]}
      - {name: loss, type: ContrastiveLoss, bottom: [f, g, label]}
      """
    let (folder, _) = try train(layers)
    #expect(try predict(folder).exitCode == 0)
    #expect(try cells(folder)[0] == ["f_1", "f_2"])
  }

  /// For one score of two classes, and for scores of properties, sigmoids are the probabilities.
  @Test func writesSigmoidsAsProbabilities() throws {
    let one =
      "- {name: ip, type: Linear, num_output: 1}\n- {name: loss, type: SigmoidCrossEntropyLoss}"
    let (folder, result) = try train(one)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try predict(folder).exitCode == 0)
    let rows = try cells(folder)
    #expect(rows[0] == ["class", "probability_x", "probability_y"])
    for row in rows.dropFirst() {
      let (x, y) = (try #require(Double(row[1])), try #require(Double(row[2])))
      #expect(abs(x + y - 1) < 1e-6)
      #expect(row[0] == (y > x ? "y" : "x"))
    }
    let two =
      "- {name: ip, type: Linear, num_output: 2}\n- {name: loss, type: SigmoidCrossEntropyLoss}"
    let (other, _) = try train(two, targets: "[u, v]", table: "a,b,u,v\n1,2,0,1\n3,1,1,1\n")
    #expect(try predict(other).exitCode == 0)
    let values = try cells(other)
    #expect(values[0] == ["probability_u", "probability_v"])
    let areParts = values.dropFirst().joined().allSatisfy {
      Double($0).map { (0...1).contains($0) } ?? false
    }
    #expect(areParts)
  }

  @Test func refusesAPredictionThatDependsOnLabels() throws {
    let layers = """
      - {name: hint, type: Embed, bottom: label, input_dim: 2, num_output: 2}
      - {name: both, type: Concat, bottom: [data, hint]}
      - {name: ip, type: Linear, num_output: 2}
      - {name: loss, type: EuclideanLoss, bottom: [ip, data]}
      """
    let (folder, result) = try train(layers)
    #expect(result.exitCode == 0, "\(result.errors)")
    let refused = try predict(folder)
    #expect(refused.exitCode == 1)
    #expect(
      refused.errors.contains(
        "error: layer 'hint' (Embed): the prediction 'ip' depends on the labels, which a "
          + "prediction does not have: name another blob in output, or with --blob\n"))
    #expect(!folder.holds("y.csv"))
  }

  /// A score of 0/0 gives no class: the cells are empty, and a warning counts the rows.
  @Test func leavesCellsOfNaNEmpty() throws {
    let layers = """
      - {name: ip, type: Linear, num_output: 2}
      - {name: loss, type: SoftmaxWithLoss, bottom: [ip, label]}
      - {name: odd, type: Expression, bottom: [ip, data], formula: "ip / sum(data, -1, keepdims) * \
      sum(data, -1, keepdims)"}
      - {name: accuracy, type: Accuracy, bottom: [odd, label]}
      """
    let (folder, result) = try train(layers)
    #expect(result.exitCode == 0, "\(result.errors)")
    try folder.write("a,b\n1,2\n0,0\n4,0\n", to: "rows.csv")
    let classes = try predict(folder, ["--blob", "odd"])
    let warning =
      "warning: 1 of 3 rows have scores that are not numbers (NaN): their cells are empty\n"
    #expect(classes.exitCode == 0)
    #expect(classes.errors.hasSuffix(warning))
    let rows = try cells(folder)
    try #require(rows.count == 4)
    #expect(rows[2] == ["", "", ""])
    #expect(["x", "y"].contains(rows[1][0]) && ["x", "y"].contains(rows[3][0]))
  }

  /// A row with one empty cell counts as a row.
  @Test func quotesTheOnlyCellOfARow() throws {
    let layers = """
      - {name: ip, type: Linear, num_output: 2}
      - {name: loss, type: SoftmaxWithLoss}
      - {name: odd, type: Expression, bottom: data, formula: "sum(data, -1, keepdims) / \
      sum(data, -1, keepdims)"}
      """
    let (folder, _) = try train(layers)
    try folder.write("a,b\n1,2\n0,0\n", to: "rows.csv")
    #expect(try predict(folder, ["--blob", "odd"]).exitCode == 0)
    #expect(try folder.text("y.csv") == "odd_1\n1.0\n\"\"\n")
  }

  private static let tested = """
    data:
      train: {source: csv, file: t.csv, target: label, batch_size: 4}
      test: {source: csv, file: t.csv, target: label, batch_size: 4}
    network:
    - {name: ip, type: Linear, num_output: 2}
    - {name: loss, type: SoftmaxWithLoss}

    """

  private func trainTested(_ solver: String) throws -> (
    folder: TemporaryFolder, result: Program.Result
  ) {
    let folder = try TemporaryFolder()
    try folder.write(PredictionTests.table, to: "t.csv")
    try folder.write(PredictionTests.rows, to: "rows.csv")
    try folder.write(PredictionTests.tested + "solver: \(solver)\n", to: "net.yaml")
    return (folder, try Program.run(["net.yaml", "--output", "run"], in: folder))
  }

  /// The learning rate rises until the loss rises, so that the best test is not the last.
  @Test func usesTheBestWeightsByDefault() throws {
    let (folder, result) = try trainTested(
      "{base_lr: 0.2, max_iter: 12, lr_policy: {type: exp, gamma: 2}}")
    #expect(result.exitCode == 0, "\(result.errors)")
    let record = try folder.text("run/run.json")
    for (options, column, name) in [
      ([], "best_test_loss", "best"), (["--weights", "best"], "best_test_loss", "best"),
      (["--weights", "last"], "test_loss", "weights"),
    ] {
      let test = try Program.run(["test", "run"] + options, in: folder)
      let loss = try #require(test.output.split(separator: "\n").first?.split(separator: " ").last)
      #expect(record.contains("\"\(column)\": \(loss)"), "\(options)")
      #expect(test.errors.contains("\nweights: run/\(name).safetensors ("))
      #expect(try predict(folder, options).errors.contains("weights: run/\(name).safetensors ("))
    }
    folder.remove("run/best.safetensors")
    let missing = try Program.run(["test", "run", "--weights", "best"], in: folder)
    #expect(missing.exitCode == 1)
    #expect(
      missing.errors == """
        error: run/best.safetensors is missing: no test of the run was kept as the best; \
        --weights last takes the weights at its end

        """)
  }

  @Test func reportsARunThatDiverged() throws {
    let (folder, result) = try trainTested(
      "{base_lr: 0.2, max_iter: 200, lr_policy: {type: exp, gamma: 4}}")
    #expect(result.exitCode == 3)
    let predicted = try predict(folder)
    #expect(predicted.exitCode == 0)
    #expect(predicted.errors.contains("warning: the run diverged: iteration "))
    #expect(predicted.errors.contains("weights: run/best.safetensors (best)"))
    let test = try Program.run(["test", "run"], in: folder)
    #expect(test.errors.contains("\nwarning: the run diverged: iteration "))
    if folder.holds("run/weights.safetensors") { folder.remove("run/weights.safetensors") }
    let last = try predict(folder, ["--weights", "last"])
    #expect(last.exitCode == 1)
    #expect(
      last.errors.hasPrefix(
        "error: run/weights.safetensors is missing, since the run diverged: iteration "))
    #expect(last.errors.hasSuffix("; --weights best takes those of its best test\n"))
  }

  /// Prediction needs no labels, even for the training table. A test needs them.
  @Test func needsTheLabelsOnlyForATest() throws {
    let (folder, _) = try trainTested("{base_lr: 0.2, max_iter: 5}")
    try folder.write(PredictionTests.rows, to: "t.csv")
    #expect(try predict(folder).exitCode == 0)
    let test = try Program.run(
      ["test", "run", "--set", "data.test.file=\(folder.file("rows.csv"))"], in: folder)
    #expect(test.exitCode == 1)
    #expect(
      test.errors.contains(
        "row 1: expected a column 'label', received 'a', 'b'; a test needs the targets of its "
          + "rows, dlrun predict does not\n"))
  }
}
