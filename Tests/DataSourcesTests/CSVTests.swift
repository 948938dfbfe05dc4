import DataFiles
import DataSources
import Files
import Oracles
import Tensors
import Testing
import YAML

@Suite struct CSVTests {
  static let iris = "width,length,y\n1,2,b\n3.5,-4e1,a\n5,6,b\n"

  @Test func columnsBecomeInputsAndClasses() throws {
    let data = try dataset(Self.iris)
    #expect(data.count == 3)
    #expect(data.inputValues == [1, 2, 3.5, -40, 5, 6])
    #expect(data.inputTop.shape.axes == [2])
    #expect(data.inputNames == ["width", "length"])
    #expect(data.targetValues == [1, 0, 1])
    #expect(data.targetTop?.hasClasses == true)
    #expect(data.classes == ["a", "b"])
    #expect(data.targetTop?.name == "label")
  }

  @Test func inputsComeInTheirStatedOrder() throws {
    let data = try dataset("y,a,note,b\nu,1,,2\nv,3,text,4\n", inputs: ["b", "a"])
    #expect(data.inputValues == [2, 1, 4, 3])
    #expect(data.inputNames == ["b", "a"])
  }

  @Test func severalTargetsAreARegression() throws {
    let data = try dataset("p,x,q\n1,2,3\n4,5,6\n", target: ["q", "p"])
    #expect(data.inputValues == [2, 5])
    #expect(data.targetValues == [3, 1, 6, 4])
    #expect(data.targetTop?.shape.axes == [2])
    #expect(data.classes == nil)
    #expect(data.targetTop?.valueNames == ["q", "p"])
  }

  @Test func numbersAreATargetOfTheStatedTask() throws {
    let text = "x,y\n1,2\n3,10\n5,2\n"
    let values = try dataset(text, task: .regression)
    #expect(values.targetValues == [2, 10, 2])
    #expect(values.targetTop?.shape.axes == [1])
    let labels = try dataset(text, task: .classification)
    #expect(labels.targetValues == [0, 1, 0])
    #expect(labels.classes == ["2", "10"])
    let counted = try dataset(text, classes: .count(11))
    #expect(counted.targetValues == [2, 10, 2])
    #expect(counted.classes?.count == 11)
  }

  @Test(arguments: [
    ("x,y\n1,a\n2,3\n", "row 3, column 'y'", "'3'"),
    ("x,y\n1,0.5\n2,b\n", "row 2, column 'y'", "'0.5'"),
  ])
  func numbersAreLabelsOnlyIfStated(text: String, place: String, received: String) {
    #expect(
      badCells { () throws(DataFailure) in try dataset(text) }
        == "t.csv: \(place): expected text labels, or numbers with 'task: classification' or "
        + "'task: regression', received \(received)")
  }

  @Test(arguments: [
    ("abc", "expected a number, received 'abc'; 'type: category' accepts it"),
    (
      "",
      "expected a number, received an empty cell; 'missing: median' accepts missing values"
    ),
    (
      "\"\"",
      "expected a number, received an empty cell; 'missing: median' accepts missing values"
    ),
    (" 1", "expected a number, received ' 1'; 'type: category' accepts it"),
    ("nan", "expected a number, received 'nan'; 'missing: median' accepts missing values"),
    ("inf", "expected a number, received 'inf'; 'type: category' accepts it"),
    ("0x10", "expected a number, received '0x10'; 'type: category' accepts it"),
    ("1.5.2", "expected a number, received '1.5.2'; 'type: category' accepts it"),
    ("2020-02-29", "expected a number, received '2020-02-29'; 'type: date' accepts it"),
    ("\"1,5\"", "expected a number, received '1,5'; 'decimal: \",\"' accepts it"),
    ("\"1\"\"\"", "expected a number, received '1\"'; 'type: category' accepts it"),
    (
      "1e39",
      "expected a number of at most 3.4028235e+38 in size, received '1e39'"
    ),
    ("-1e999", "expected a number of at most 3.4028235e+38 in size, received '-1e999'"),
  ])
  func badCellIsNamed(cell: String, message: String) {
    // The row is line 5 of the file, because a cell above has a line break.
    let text = "width,height,y\n1,2,\"a\nb\"\n3,4,c\n5,\(cell),c\n"
    #expect(
      badCells { () throws(DataFailure) in try dataset(text) }
        == "t.csv: row 5, column 'height': \(message)")
  }

  @Test func messageIsTheOneOfTheDocumentation() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<15).map { _ in "1,2,a\n" }.joined()
    try folder.write("sepal_length,sepal_width,species\n\(rows)1,abc,b\n", to: "iris.csv")
    var source = CSV()
    source.file = "iris.csv"
    source.target = ColumnNames(["species"])
    #expect(
      badCells { () throws(DataFailure) in try source.load(context(directory: folder.path)) }
        == "\(folder.path)/iris.csv: row 17, column 'sepal_width': "
        + "expected a number, received 'abc'; 'type: category' accepts it")
  }

  @Test func extremeNumbersAreRounded() throws {
    let data = try dataset("x,y\n3.4028235e38,a\n-0,b\n1e-46,b\n0.1,b\n", inputs: ["x"])
    #expect(data.inputValues == [.greatestFiniteMagnitude, 0, 0, 0.1])
    #expect(data.inputValues[1].sign == .minus)
  }

  @Test func columnOfTheTargetAloneIsRefused() {
    #expect(
      failure { () throws(DataFailure) in try dataset("y\na\nb\n") }
        == .field(
          "target",
          message: "t.csv: row 1: expected a column besides the target, received none",
          of: .train))
  }

  @Test func contradictionsAreReported() throws {
    let start = "{source: csv, file: t.csv, target: "
    #expect(
      try firstLine("\(start)b, inputs: [a, b]}")
        == "model.yaml:1:36: error: target: expected a column that is not an input, received 'b'")
    #expect(
      try firstLine("\(start)[a, b], task: classification}")
        == "model.yaml:1:36: error: target: expected one column for a classification, received 2")
    #expect(
      try firstLine("\(start)a, task: regression, classes: 3}")
        == "model.yaml:1:66: error: classes: expected none, since the task is regression")
    #expect(
      try firstLine("\(start)a, inputs: [b, c], shape: [3]}")
        == "model.yaml:1:62: error: shape: expected 2 values for each example, received 3, which has 3"
    )
    #expect(
      try firstLine("\(start)a, task: regresion}")
        == "model.yaml:1:45: error: task: expected one of classification, regression, multi_label, "
        + "received 'regresion'; did you mean 'regression'?")
    #expect(
      try refusal("{source: csv}") == """
        model.yaml:1:1: error: train data: 'file' is missing: expected a path, relative to the \
        model file
            1 | {source: csv}
              | ^
        model.yaml:1:1: error: train data: 'target' is missing: expected a column's name or a list \
        of names
            1 | {source: csv}
              | ^
        """)
    #expect(
      try firstLine("{source: csv, file: \"a\\0b\", target: y}")
        == "model.yaml:1:21: error: file: expected a path, relative to the model file, "
        + "received 'a\\u{0}b'")
  }

  @Test func signatureIsTheHeaders() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.iris, to: "t.csv")
    var source = CSV()
    source.file = "t.csv"
    source.target = ColumnNames(["y"])
    func signature(_ classes: ClassNames? = nil) throws -> DataSignature {
      try source.signature(context(classes: classes, directory: folder.path))
    }
    #expect(
      try signature()
        == DataSignature(input: Shape([2]), names: ["width", "length"]))
    #expect(try signature(.count(2)).classes == .count(2))
    source.task = .regression
    #expect(try signature().targetTop?.shape == Shape([1]))
    source.task = nil
    source.target = ColumnNames(["y", "length"])
    #expect(try signature().targetTop?.shape == Shape([2]))
    #expect(try signature().inputNames == ["width"])
  }

  /// Columns of categories are read for the signature, and labels are not.
  @Test func categoriesAreCountedForTheSignature() throws {
    let folder = try TemporaryFolder()
    try folder.write("c,x,y\na,1,0\nb,2,-1\na,NA,1\nc,4,1\n", to: "t.csv")
    let part = try declaration(
      """
      {source: csv, file: t.csv, target: y, task: classification, rows: [0, 2], \
      inputs: [{column: c, type: category, other: true}, {column: x, missing: row}]}
      """)
    let signature = try part.signature(directory: folder.path, seed: 1, phase: .train)
    // The row with a gap is left out before the part takes its rows.
    #expect(signature.text == "data 4, label: classes")
    #expect(signature.inputNames == ["c=a", "c=b", "c is other", "x"])
    #expect(signature.exampleCount == 2)
    let data = try loadParts(
      train: part, test: nil, directory: folder.path, seed: 1, ignoring: [-1]
    ).train
    #expect(data.inputValues == [1, 0, 0, 1, 0, 1, 0, 2])
  }

  @Test func sameFieldsAreTheSameData() throws {
    let source = try declaration("{source: csv, file: a.csv, target: y}").source
    let other = try declaration("{source: csv, file: b.csv, target: y}").source
    #expect(source.isSameData(as: source))
    #expect(!source.isSameData(as: other))
    #expect(!source.isSameData(as: Spiral()))
    #expect(!Spiral().isSameData(as: Spiral()))
  }

  @Test func whatTheFileTaughtIsStated() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.iris, to: "t.csv")
    let source = try declaration("{source: csv, file: t.csv, target: y}").source
    #expect(source.targetNames == ["y"])
    let columns = try source.tableColumns(2, context(directory: folder.path))
    #expect(columns.map(\.column) == ["width", "length"])
    let data = try dataset(Self.iris)
    let learned = try #require(source.learned(from: data) as? CSV)
    #expect(learned.file == "t.csv")
    #expect(learned.inputs?.names == ["width", "length"])
    #expect(learned.task == .classification)
    let values = try dataset("x,y\n1,2\n", task: .regression)
    #expect((source.learned(from: values) as? CSV)?.task == .regression)
    #expect(Spiral().targetNames == ["class"])
    #expect(try Spiral().tableColumns(2, context()).map(\.column) == ["x1", "x2"])
    #expect(Spiral().learned(from: data) is Spiral)
  }

  /// Texts that resemble a table are read or refused with a message, and never crash.
  @Test func mutatedTablesAreReadOrRefused() throws {
    let seeds = [
      Self.iris, "a,b,y\r\n\"1\",2.5e3,\"u \"\"v\"\"\"\r\n-.5,+3,w\r\n\r\n",
      "\u{FEFF}a,b,y\n1,2,0\n3,4,1\n5,6,2", "x,y\n0.1,é\n\"2\",\"l\nm\"\n",
      "x,y\n1,0\n2,1\n3,2\n",
    ].map { Array($0.utf8) }
    let pieces =
      [
        "\"", ",", "\n", "\r", "\r\n", "\0", "\"\"", "y", "-", ".", "e", "1e999", "nan", " ",
        "7", "10", "0.5", "ab", "é", "\u{FEFF}", "\u{301}", "9999999999999999999999", ",,,,",
        "\n\n",
      ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], []]
    var random = SplitMix(state: 42)
    var counts = (read: 0, refused: 0)
    for round in 0..<5000 {
      var text = seeds[round % seeds.count]
      for _ in 0...Int(random.next() % 3) {
        let start = Int(random.next() % UInt64(text.count + 1))
        let end = min(text.count, start + Int(random.next() % 3))
        text.replaceSubrange(start..<end, with: pieces[Int(random.next() % UInt64(pieces.count))])
      }
      var source = CSV()
      source.target = ColumnNames(["y"])
      source.task = [nil, .classification, .classification, .regression][round % 4]
      let classes: ClassNames? = round % 5 == 0 ? .count(3) : nil
      do throws(DataFailure) {
        let data = try source.dataset(text, context(classes: classes))
        #expect(data.inputValues.allSatisfy { $0.isFinite })
        if let names = data.classes {
          #expect(data.targetValues.allSatisfy { $0 >= 0 && $0 < Float(names.count) })
        }
        counts.read += 1
      } catch {
        if case .io(let message, _, _) = error { Issue.record("\(message)") }
        #expect(error.message.hasPrefix("t.csv: ") && error.message.contains("expected"))
        counts.refused += 1
      }
    }
    #expect(counts.read > 200 && counts.refused > 2000, "\(counts)")
  }
}
