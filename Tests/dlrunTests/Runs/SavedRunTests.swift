import Expressions
import Files
import Oracles
import Testing

@Suite struct SavedRunTests {
  /// Trains a shipped model, in the folder `run`.
  private func train(_ model: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let result = try Program.run([Program.model(model), "--output", "run"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    return folder
  }

  /// A test of a finished run gives the results of its end.
  @Test func givesTheResultsOfTheLastTest() throws {
    let folder = try train("iris")
    let result = try Program.run(["test", "run", "--weights", "last"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors == "weights: run/weights.safetensors (last)\n")
    let row = try #require(try folder.text("run/history.csv").split(separator: "\n").last)
    let last = row.split(separator: ",").map(String.init)
    try #require(last.count == 6)
    #expect(result.output == "test_loss \(last[4])\ntest_accuracy \(last[5])\n")
  }

  /// Without test data, the test uses the training data.
  @Test(.tags(.slow)) func testsARunWithoutTestData() throws {
    let folder = try train("spiral")
    let summary = try folder.text("run/run.json")
    let result = try Program.run(["test", "run", "--threads", "2"], in: folder)
    #expect(result.exitCode == 0)
    let words = result.output.split { $0 == " " || $0 == "\n" }.map(String.init)
    try #require(words.count == 4)
    #expect([words[0], words[2]] == ["train_loss", "train_accuracy"])
    #expect(summary.contains("\"train_loss\": \(words[1]),"))
    #expect(summary.contains("\"train_accuracy\": \(words[3])\n"))
  }

  /// The table has another column order, further columns and no label.
  @Test func predictsClasses() throws {
    let folder = try train("iris")
    try folder.write(
      """
      petal_width,note,petal_length,sepal_width,sepal_length
      0.2,a,1.4,3.5,5.1
      1.4,"b, c",4.7,3.2,7.0
      2.5,,6.0,3.3,6.3

      """, to: "flowers.csv")
    let result = try Program.run(
      ["predict", "run", "--input", "flowers.csv", "--output", "kinds.csv"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.output.isEmpty)
    #expect(
      result.errors == "prediction: blob 'ip2'\nweights: run/best.safetensors (best)\n")
    let rows = try folder.text("kinds.csv").split(separator: "\n").map { row in
      row.split(separator: ",").map(String.init)
    }
    try #require(rows.count == 4 && rows.allSatisfy { $0.count == 4 })
    #expect(
      rows[0] == [
        "class", "probability_setosa", "probability_versicolor", "probability_virginica",
      ])
    #expect(rows.dropFirst().map { $0[0] } == ["setosa", "versicolor", "virginica"])
    for (index, row) in rows.dropFirst().enumerated() {
      let probabilities = row.dropFirst().compactMap(Double.init)
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-6)
      #expect(probabilities.max() == probabilities[index])
    }
  }

  /// A Softmax after the loss is the prediction, because its values are probabilities.
  @Test func predictsTheOutputOfASoftmaxAfterTheLoss() throws {
    let answers = try [false, true].map { endsWithSoftmax in
      let folder = try TemporaryFolder()
      let softmax = "- {name: prob, type: Softmax, bottom: ip, phase: test}"
      try folder.write(
        """
        data:
          train: {source: spiral, batch_size: 20}
        network:
        - {name: ip, type: Linear, num_output: 3}
        - {name: loss, type: SoftmaxWithLoss}
        \(endsWithSoftmax ? softmax : "")
        solver: {base_lr: 0.5, max_epochs: 5}

        """, to: "net.yaml")
      try folder.write("x1,x2\n0.5,-0.5\n-0.5,0.25\n", to: "points.csv")
      let trained = try Program.run(["net.yaml", "--output", "run"], in: folder)
      #expect(trained.exitCode == 0)
      let result = try Program.run(
        ["predict", "run", "--input", "points.csv", "--output", "answers.csv"], in: folder)
      #expect(result.exitCode == 0)
      return try folder.text("answers.csv").split(separator: "\n").dropFirst().map { row in
        row.split(separator: ",").dropFirst().compactMap { Double($0) }
      }
    }
    try #require(answers.allSatisfy { $0.count == 2 && $0.allSatisfy { $0.count == 3 } })
    for (scores, probabilities) in zip(answers[0].joined(), answers[1].joined()) {
      #expect(abs(scores - probabilities) < 1e-6)
    }
  }

  /// The predicted values agree with the run's score.
  @Test func predictsValues() throws {
    let folder = try train("diabetes")
    let table = "\(Program.package)/models/data/diabetes.csv"
    let result = try Program.run(
      ["predict", "run", "--input", table, "--output", "values.csv"], in: folder)
    #expect(result.exitCode == 0)
    let predicted = try folder.text("values.csv").split(separator: "\n")
    #expect(predicted.first?.hasSuffix("_progression") == true)
    let values = predicted.dropFirst().compactMap { Double($0) }
    let shell = try Program.shell("cut --delimiter , --fields 11 '\(table)'", in: folder)
    let targets = shell.output.split(separator: "\n").dropFirst().compactMap { Double($0) }
    try #require(values.count == 442 && targets.count == 442)
    let mean = targets.reduce(0, +) / 442
    let error = zip(values, targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let variance = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    // Ridge regression reaches 0.51 on the same training and test rows.
    #expect(1 - error / variance > 0.45)
  }

  /// The network outputs its inputs, so that `test` and `predict` must scale them like the
  /// training. Its learning rate is 0.
  @Test func scalesInputsOfTestsAndPredictions() throws {
    let folder = try TemporaryFolder()
    let model = """
      data:
        train: {source: npy, inputs: x.npy, mean: [1, 2], scale: 0.5, shape: [2, 1, 2]}
      network:
      - {name: flat, type: Flatten}
      - {name: ip, type: Linear, num_output: 4}
      - {name: loss, type: EuclideanLoss, bottom: [ip, flat]}
      solver: {base_lr: 0, max_iter: 1}

      """
    try folder.write(model, to: "net.yaml")
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 4), }\\n"
    let written = try Program.shell(
      "printf '\\x93NUMPY\\x01\\x00\\x3c\\x00' > x.npy && printf \"\(header)\" >> x.npy && "
        + "printf '\\x01\\x03\\x06\\x04\\x03\\x01\\x02\\x0a' >> x.npy", in: folder)
    try #require(written.exitCode == 0)
    try folder.write("x4,x3,x2,x1\n4,6,3,1\n10,2,1,3\n", to: "raw.csv")
    let trained = try Program.run(["net.yaml", "--output", "run"], in: folder)
    try #require(trained.exitCode == 0, "\(trained.errors)")
    let tested = try Program.run(["test", "run"], in: folder)
    #expect(tested.exitCode == 0, "\(tested.errors)")
    let loss = try #require(tested.output.split(separator: " ").last?.dropLast())
    #expect(try folder.text("run/run.json").contains("\"train_loss\": \(loss)"))

    // For the training rows, the loss is the distance of the prediction from the scaled inputs.
    let result = try Program.run(
      ["predict", "run", "--input", "raw.csv", "--output", "answers.csv"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    let rows = try folder.text("answers.csv").split(separator: "\n")
    #expect(rows.first == "ip_x1,ip_x2,ip_x3,ip_x4")
    let answers = rows.dropFirst().joined(separator: ",").split(separator: ",").compactMap {
      Double($0)
    }
    let inputs: [Double] = [0, 1, 2, 1, 1, 0, 0, 4]
    try #require(answers.count == inputs.count)
    let distance = zip(answers, inputs).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 4
    #expect(abs(distance - (Double(loss) ?? 0)) < 1e-5)
    let short = try Program.run(
      ["predict", "run", "--input", "answers.csv", "--output", "no.csv"], in: folder)
    #expect(short.exitCode == 1)
    #expect(
      short.errors == """
        error: answers.csv: row 1: expected a column 'x1', received 'ip_x1', 'ip_x2', 'ip_x3', \
        'ip_x4'

        """)
  }

  @Test func reportsAMissingColumn() throws {
    let folder = try train("iris")
    try folder.write("sepal_length,sepal_width,petal_lenght,petal_width\n1,2,3,4\n", to: "x.csv")
    let result = try Program.run(
      ["predict", "run", "--input", "x.csv", "--output", "y.csv"], in: folder)
    #expect(result.exitCode == 1)
    #expect(result.output.isEmpty)
    #expect(
      result.errors == """
        error: x.csv: row 1: expected a column 'petal_length', received 'sepal_length', \
        'sepal_width', 'petal_lenght', 'petal_width'; did you mean 'petal_lenght'?

        """)
    #expect(!folder.holds("y.csv"))
  }

  @Test func reportsABadCell() throws {
    let folder = try train("iris")
    try folder.write(
      "sepal_length,sepal_width,petal_length,petal_width\n1,2,3,4\n1,2,three,4\n", to: "x.csv")
    let result = try Program.run(
      ["predict", "run", "--input", "x.csv", "--output", "y.csv"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors == """
        x.csv:3:5: error: column 'petal_length': expected a number, received 'three'
            3 | 1,2,three,4
              |     ^

        """)
    #expect(!folder.holds("y.csv"))
  }

  /// When the output cannot be written, dlrun writes no part of it.
  @Test func reportsAnOutputThatCannotBeWritten() throws {
    let folder = try train("iris")
    let result = try Program.run(
      [
        "predict", "run", "--input", "\(Program.package)/models/data/iris.csv", "--output",
        "nowhere/y.csv",
      ], in: folder)
    #expect(result.exitCode == 4)
    #expect(
      result.errors == "error: cannot write 'nowhere/y.csv': No such file or directory\n")
  }

  /// A truncated weights file, or one of another model, is refused.
  @Test func refusesWeightsThatDoNotFit() throws {
    let folder = try train("iris")
    let other = try train("wine")
    folder.remove("run/best.safetensors")
    let cut = try Program.shell("truncate --size 100 run/weights.safetensors", in: folder)
    #expect(cut.exitCode == 0)
    let short = try Program.run(["test", "run"], in: folder)
    #expect(short.exitCode == 1)
    #expect(short.errors.hasPrefix("error: run/weights.safetensors: header length "))
    let copied = try Program.shell(
      "cp '\(other.file("run/weights.safetensors"))' run/weights.safetensors", in: folder)
    #expect(copied.exitCode == 0)
    let foreign = try Program.run(["test", "run"], in: folder)
    #expect(foreign.exitCode == 1)
    #expect(
      foreign.errors == """
        error: run/weights.safetensors does not fit the model: \
        'ip1.weight': expected 16x4, received 32x13; 'ip1.bias': expected 16, received 32; \
        'ip2.weight': expected 3x16, received 3x32; \
        'data.mean': expected 4, received 13; 'data.deviation': expected 4, received 13

        """)
  }
}
