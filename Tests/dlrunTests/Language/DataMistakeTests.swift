import Oracles
import Testing

/// Tests messages about unsuitable data, and the handling of unusual data.
@Suite struct DataMistakeTests {
  static let table = "a,b,label\n1,2,x\n3,1,y\n2,2,x\n4,0,y\n"

  /// Returns a model of `t.csv` with two outputs.
  static func model(
    _ train: String = "{source: csv, file: t.csv, target: label, batch_size: 4}",
    test: String? = nil, outputs: Int = 2, solver: String = "base_lr: 0.1, max_iter: 5"
  ) -> String {
    """
    data:
      train: \(train)\(test.map { "\n  test: \($0)" } ?? "")
    network:
      - {name: ip, type: Linear, num_output: \(outputs)}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {\(solver)}
    """
  }

  private func folder(_ model: String, _ files: [String: String] = ["t.csv": table]) throws
    -> TemporaryFolder
  {
    let folder = try TemporaryFolder()
    try folder.write(model, to: "m.yaml")
    for (name, text) in files { try folder.write(text, to: name) }
    return folder
  }

  /// In float32, these twenty timestamps have only two values. If dlrun rounded them first, it
  /// could not distinguish the classes in training, tests and predictions.
  @Test func timestampsStayDistinctInTrainingTestAndPrediction() throws {
    let rows = (0..<20).map { "\(1_700_000_000 + 10 * $0),\($0 < 7 ? "x" : "y")\n" }
    let folder = try folder(
      Self.model(
        "{source: csv, file: t.csv, target: label, batch_size: 20, standardize: true}",
        solver: "base_lr: 5, max_iter: 300") + "\nexpect: {train_loss: '< 0.1'}\n",
      ["t.csv": "time,label\n" + rows.joined()])
    let trained = try Program.run(["m.yaml", "--output", "run", "--quiet"], in: folder)
    #expect(trained.exitCode == 0 && trained.errors.isEmpty, "\(trained.errors)")
    let tested = try Program.run(["test", "run"], in: folder)
    let run = try folder.text("run/run.json")
    let loss = try #require(tested.output.split(separator: " ").last).trimmingPrefix(" ")
      .split(separator: "\n")[0]
    #expect(run.contains(String(loss)), "\(tested.output)")
    let predicted = try Program.run(
      ["predict", "run", "--input", "t.csv", "--output", "p.csv"], in: folder)
    #expect(predicted.exitCode == 0)
    let classes = try folder.text("p.csv").split(separator: "\n").dropFirst().map { $0.prefix(1) }
    #expect(classes == (0..<20).map { $0 < 7 ? "x" : "y" })
    let weights = String(decoding: try folder.bytes("run/weights.safetensors"), as: UTF8.self)
      .replacing(" ", with: "").replacing("\n", with: "")
    #expect(weights.contains("\"data.mean\":{\"dtype\":\"F64\",\"shape\":[1]"))
  }

  /// The data have too many classes, because one class has two spellings.
  @Test func namesTheSpellingsOfAClassForTooFewScores() throws {
    let folder = try folder(Self.model(), ["t.csv": "a,b,label\n1,2,cat\n2,3,cat \n3,3,dog\n"])
    let result = try Program.run(["m.yaml"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors == """
        m.yaml:5:5: error: layer 'loss' (SoftmaxWithLoss): 2 scores (classes 0 to 1), but the data have class 2 ('dog')
            5 |   - {name: loss, type: SoftmaxWithLoss}
              |     ^
        m.yaml:2:45: note: t.csv: column 'label': 'cat' (first in row 2) and 'cat ' (first in row 3) are two classes that differ only in blanks or letter case; use one spelling if they are one class
            2 |   train: {source: csv, file: t.csv, target: label, batch_size: 4}
              |                                             ^

        """)
  }

  /// A column of numbers needs `task` in the model file. This is one mistake for all rows.
  @Test func asksOnceForTheTaskOfANumericColumn() throws {
    let folder = try folder(Self.model(), ["t.csv": "a,b,label\n1,2,100\n2,3,200\n3,3,300\n"])
    let result = try Program.run(["m.yaml"], in: folder)
    #expect(result.exitCode == 1)
    let message =
      "expected text labels, or numbers with 'task: classification' or 'task: regression', "
      + "received '100'"
    #expect(
      result.errors == """
        m.yaml:2:45: error: t.csv: row 2, column 'label': \(message)
            2 |   train: {source: csv, file: t.csv, target: label, batch_size: 4}
              |                                             ^
        t.csv:2:5: note: \(message)
            2 | 1,2,100
              |     ^

        """)
  }

  @Test func warnsOfValuesThatBecomeEqual() throws {
    let folder = try folder(
      Self.model(), ["t.csv": "a,b,label\n16777216,2,x\n16777217,1,y\n2,2,x\n"])
    let warning = """
      m.yaml:2:30: warning: train data: t.csv: column 'a': 3 different numbers become 2 in float32 \
      (16777216 and 16777217 in rows 2 and 3 both become 16777216): subtract a number near them \
      with 'mean', or state standardize: true
          2 |   train: {source: csv, file: t.csv, target: label, batch_size: 4}
            |                              ^

      """
    let trained = try Program.run(["m.yaml", "--output", "run"], in: folder)
    #expect(trained.exitCode == 0 && trained.errors.contains(warning), "\(trained.errors)")
    let checked = try Program.run(["check", "--data", "m.yaml"], in: folder)
    #expect(
      checked.errors == warning
        && checked.output.hasPrefix("m.yaml: fine (data 2, label: classes)\n"))
    #expect(checked.exitCode == 0)
  }

  @Test func refusesATableWithoutHeader() throws {
    let folder = try folder(
      Self.model("{source: csv, file: t.csv, target: x3, task: classification}"),
      ["t.csv": "1,2,0\n3,1,1\n2,2,0\n"])
    for command in [["check"], ["train"]] {
      let result = try Program.run(command + ["m.yaml"], in: folder)
      #expect(result.exitCode == 1)
      #expect(
        result.errors.hasPrefix(
          """
          m.yaml:2:30: error: t.csv: row 1: expected the names of the columns, received only \
          numbers ('1', '2', '0'); add a line of names, or set 'header' to false (an example) or \
          true (names)
          """), "\(result.errors)")
    }
    let stated = try Program.run(
      ["m.yaml", "--set", "data.train.header=false", "--output", "run", "--quiet"], in: folder)
    #expect(stated.exitCode == 0, "\(stated.errors)")
    // The run's model keeps `header`, so that a prediction has three rows.
    let predicted = try Program.run(
      ["predict", "run", "--input", "t.csv", "--output", "p.csv"], in: folder)
    #expect(predicted.exitCode == 0, "\(predicted.errors)")
    #expect(try folder.text("p.csv").split(separator: "\n").count == 4)
  }

  /// Each column is reported at the field that names it, with its cells in the table. `check
  /// --data` gives the same messages as a training, also for the test part.
  @Test func reportsBadCellsAtTheModelAndInTheTable() throws {
    let folder = try folder(
      Self.model(test: "{source: csv, file: u.csv, target: label}") + "\n",
      ["t.csv": "a,b,label\n1,?,x\n3,1,y\n2,,x\n", "u.csv": "a,b,label\n1,2,x\n-,1,z\n"])
    let train = """
      m.yaml:2:30: error: t.csv: row 2, column 'b': expected a number, received '?'; \
      'missing: median' accepts missing values; and 1 more cell of the column
          2 |   train: {source: csv, file: t.csv, target: label, batch_size: 4}
            |                              ^
      t.csv:2:3: note: expected a number, received '?'; 'missing: median' accepts missing values
          2 | 1,?,x
            |   ^
      t.csv:4:3: note: expected a number, received an empty cell; 'missing: median' accepts \
      missing values
          4 | 2,,x
            |   ^

      """
    for command in [["check", "--data"], ["train"]] {
      let result = try Program.run(command + ["m.yaml"], in: folder)
      #expect(result.exitCode == 1 && result.errors == train && result.output.isEmpty)
    }
    try folder.write(Self.table, to: "t.csv")
    let plain = try Program.run(["check", "m.yaml"], in: folder)
    #expect(plain.exitCode == 0)
    let test = try Program.run(["check", "--data", "m.yaml"], in: folder)
    #expect(
      test.errors == """
        m.yaml:3:29: error: u.csv: row 3, column 'a': expected a number, received '-'; \
        'missing: median' accepts missing values
            3 |   test: {source: csv, file: u.csv, target: label}
              |                             ^
        u.csv:3:1: note: expected a number, received '-'; 'missing: median' accepts missing values
            3 | -,1,z
              | ^
        m.yaml:3:44: error: u.csv: row 3, column 'label': expected a class ('x', 'y'), received 'z'
            3 |   test: {source: csv, file: u.csv, target: label}
              |                                            ^
        u.csv:3:5: note: expected a class ('x', 'y'), received 'z'
            3 | -,1,z
              |     ^

        """)
  }

  @Test func inputsOfTheTrainPartApplyToTheTestPart() throws {
    let train = "{source: csv, file: t.csv, target: label, inputs: [b]}"
    let folder = try folder(Self.model(train, test: "{source: csv, file: u.csv, target: label}"))
    // The table has another order, and a further text column.
    try folder.write("b,note,label,a\n2,?,x,1\n0,?,y,4\n", to: "u.csv")
    let result = try Program.run(["m.yaml", "--output", "run", "--quiet"], in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try folder.text("run/history.csv").contains("test_loss"))
    let other = try Program.run(["check", "m.yaml", "--set", "data.test.inputs=a"], in: folder)
    #expect(
      other.errors.contains("inputs: expected 'b' as for the train data, received 'a'"),
      "\(other.errors)")
  }

  @Test func warnsOfMoreScoresThanClasses() throws {
    let folder = try folder(Self.model(outputs: 5))
    let warning = """
      m.yaml:4:40: warning: layer 'ip' (Linear): num_output: 5 scores for 2 classes: no example has \
      the last 3; set num_output: 2, or declare the missing classes
          4 |   - {name: ip, type: Linear, num_output: 5}
            |                                          ^

      """
    let data = try Program.run(["check", "--data", "m.yaml"], in: folder)
    #expect(
      data.errors.contains("warning: layer 'ip' (Linear): num_output: 5 scores for 2 classes"))
    #expect(data.exitCode == 0)
    let trained = try Program.run(["m.yaml", "--output", "run"], in: folder)
    #expect(trained.exitCode == 0 && trained.errors.contains("no example has the last 3"))
    let stated = try Program.run(["check", "m.yaml", "--set", "data.train.classes=2"], in: folder)
    #expect(stated.errors.contains(warning.split(separator: "\n")[0].dropFirst(11)))
    let fits = try Program.run(
      ["check", "--data", "m.yaml", "--set", "network.ip.num_output=2"], in: folder)
    #expect(fits.errors.isEmpty)
  }

  /// Labels that a layer produces are known only after running it.
  @Test func namesAnInvalidLabelInsideTheNetwork() throws {
    let text = """
      data: {train: {source: csv, file: t.csv, target: [kind, value], batch_size: 4, shuffle: false}}
      network:
        - {name: ip, type: Linear, num_output: 3, bottom: data}
        - {name: cut, type: Slice, bottom: label, top: [kind, value], slice_point: 1}
        - {name: loss, type: SoftmaxWithLoss, bottom: [ip, kind]}
      solver: {base_lr: 0.1, max_iter: 5}
      """
    let rows = "a,kind,value\n1,0,1\n2,1,2\n3,2,1\n4,0,1\n5,1,2\n6,3,2\n"
    let folder = try folder(text, ["t.csv": rows])
    let result = try Program.run(["m.yaml", "--output", "run", "--quiet"], in: folder)
    #expect(result.exitCode == 3)
    #expect(
      result.errors.contains(
        "iteration 2: the loss is nan; layer 'loss' (SoftmaxWithLoss): label 3 in element [1, 0] of "
          + "'kind' (example 5 of the train data) is not a class: expected an integer from 0 to 2"),
      "\(result.errors)")
  }

  /// Trains, tests and predicts a class for each of two positions, with classes from 1.
  @Test func classesMayBelongToPositions() throws {
    func npy(_ type: String, _ shape: String, _ elements: [UInt8]) -> [UInt8] {
      let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
      return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
        + Array(header.utf8) + elements
    }
    let text = """
      data: {train: {source: npy, inputs: x.npy, targets: y.npy, classes: 2, label_offset: 1}}
      network:
        - {name: ip, type: Linear, num_output: 4}
        - {name: scores, type: Reshape, shape: [0, 2, 2]}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: accuracy, type: Accuracy, phase: test}
      solver: {base_lr: 1, max_iter: 300}
      expect: {train_accuracy: ">= 1"}
      """
    let folder = try folder(text, ["x.csv": "x1,x2\n0,1\n1,0\n"])
    try folder.write(npy("|u1", "(2, 2)", [0, 1, 1, 0]), to: "x.npy")
    try folder.write(npy("|u1", "(2, 2)", [1, 2, 2, 2]), to: "y.npy")
    let trained = try Program.run(["m.yaml", "--output", "run", "--quiet"], in: folder)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    #expect(try Program.run(["test", "run"], in: folder).exitCode == 0)
    let predicted = try Program.run(
      ["predict", "run", "--input", "x.csv", "--output", "p.csv"], in: folder)
    #expect(predicted.exitCode == 0, "\(predicted.errors)")
    #expect(try folder.text("p.csv") == "class_1,class_2\n1,2\n2,2\n")
    try folder.write(npy("|u1", "(2, 2)", [1, 2, 2, 3]), to: "y.npy")
    let wrong = try Program.run(["check", "--data", "m.yaml"], in: folder)
    #expect(
      wrong.errors.hasPrefix(
        "m.yaml:1:69: error: y.npy: element [1, 1]: expected a class from 1 to 2, received 3\n"),
      "\(wrong.errors)")
  }
}
