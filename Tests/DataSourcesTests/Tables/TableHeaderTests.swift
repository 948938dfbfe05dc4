import DataFiles
import DataSources
import Oracles
import Tensors
import Testing

@Suite struct TableHeaderTests {
  @Test(arguments: [
    ("", "expected a header line, received an empty file"),
    ("\u{FEFF}", "expected a header line, received an empty file"),
    ("a,\"b\n1,2\n", "row 1, column 2: expected a closing quote, received the end of the file"),
    ("a,b\r1,2\r", "row 1, column 3: expected a line feed after a carriage return"),
  ])
  func wrongHeaderIsRefused(text: String, message: String) throws {
    #expect(failure { () throws(DataFailure) in try table(text) } == .content("t.csv: \(message)"))
    // Reading only the header of a file gives the same result.
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "t.csv")
    var source = CSV()
    source.file = path
    source.target = ColumnNames(["a"])
    #expect(
      failure { () throws(DataFailure) in try source.signature(context()) }
        == .field("file", message: "\(path): \(message)", of: .train))
  }

  @Test func namesAndHeaderHaveLimits() throws {
    let longest = String(repeating: "n", count: 1000)
    #expect(try table("\(longest)\n1\n").header.names == [longest])
    #expect(
      failure { () throws(DataFailure) in
        try table("a,\(longest)n\n1,2\n").header.columns(named: ["\(longest)n"])
      }
        == .content(
          "t.csv: row 1, column 2: expected a name of at most 1000 bytes"))
    let many = (0..<300_000).map { "c\($0)" }.joined(separator: ",")
    #expect(
      failure { () throws(DataFailure) in try table(many) }?.message.hasSuffix(
        "expected at most 65536 columns, received more") == true)
  }

  @Test func missingColumnIsNamedWithTheNearest() {
    #expect(
      failure { () throws(DataFailure) in
        try dataset("sepal_length,species\n1,a\n", target: ["speces"])
      }
        == .field(
          "target",
          message: "t.csv: row 1: expected a column 'speces', received 'sepal_length', 'species'; "
            + "did you mean 'species'?",
          of: .train))
    #expect(
      failure { () throws(DataFailure) in
        try dataset("a,b\n1,2\n", target: ["y"], inputs: ["zebra"])
      }
        == .field(
          "target",
          message: "t.csv: row 1: expected a column 'y', received 'a', 'b'",
          of: .train))
  }

  /// The message does not suggest a column with another use.
  @Test func noColumnIsSuggestedThatIsUsed() {
    let table = "a,label,labels,c1\n1,x,y,2\n"
    func message(_ target: String, _ inputs: [String]) -> String? {
      failure { () throws(DataFailure) in
        try dataset(table, target: [target], inputs: inputs)
      }?.message
    }
    let received = "received 'a', 'label', 'labels', 'c1'"
    #expect(
      message("labell", ["a", "label"])
        == "t.csv: row 1: expected a column 'labell', \(received); did you mean 'labels'?")
    #expect(
      message("lable", ["a", "label", "labels"])
        == "t.csv: row 1: expected a column 'lable', \(received)")
    #expect(
      message("label", ["a", "labe"])
        == "t.csv: row 1: expected a column 'labe', \(received)")
    #expect(
      message("label", ["c1", "c2"])
        == "t.csv: row 1: expected a column 'c2', \(received)")
  }

  /// The header is read in steps of 16 KiB. The text at the end of a step must not matter.
  @Test func headerLongerThanOneStepIsRead() throws {
    let folder = try TemporaryFolder()
    let first = String(repeating: "a", count: 1000)
    let fillers = (0..<15).map { "\"\($0)\"\"\(String(repeating: "b", count: 990))\"" }
    let cells = String(repeating: "1,", count: 16) + "1"
    for extra in 0..<40 {
      let last = String(repeating: "c", count: 300 + extra)
      let header = ([first] + fillers + ["\"\(last)\"\"é\""]).joined(separator: ",")
      let path = try folder.write("\(header)\r\n\(cells)\r\n", to: "t.csv")
      var source = CSV()
      source.file = path
      source.target = ColumnNames(["\(last)\"é"])
      let signature = try source.signature(context())
      #expect(signature.inputNames.count == 16)
      #expect(signature.inputNames.first == first)
    }
  }

  @Test func onlyTheHeaderIsReadForTheSignature() throws {
    let folder = try TemporaryFolder()
    // The rows are invalid, so that reading them would fail.
    let path = try folder.write("a,y\n1\n\0\n\"", to: "t.csv")
    var source = CSV()
    source.file = path
    source.target = ColumnNames(["y"])
    #expect(try source.signature(context()).inputNames == ["a"])
    #expect(failure { () throws(DataFailure) in try source.load(context()) } != nil)
  }

  private static let advice =
    "; add a line of names, or set 'header' to false (an example) or true (names)"

  /// A header of numbers would hide the first example. Missing values do not turn numbers into
  /// names.
  @Test(arguments: [
    ("1,2,3\n4,5,6\n", "'1', '2', '3'"), ("5.1,-3e2\n4,5\n", "'5.1', '-3e2'"), ("7\n8\n", "'7'"),
    ("1,,nan\n4,5,6\n", "'1', '', 'nan'"), ("\"1\",\"2\"\n4,5\n", "'1', '2'"),
    ("\u{FEFF}1,2\n4,5\n", "'1', '2'"),
  ])
  func headerOfNumbersIsRefused(text: String, cells: String) throws {
    let message =
      "row 1: expected the names of the columns, received only numbers (\(cells))" + Self.advice
    #expect(failure { () throws(DataFailure) in try table(text) } == .content("t.csv: \(message)"))
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "t.csv")
    let part = try declaration("{source: csv, file: \(path), target: '1'}")
    #expect(
      failure { () throws(DataFailure) in try part.source.signature(context()) }
        == .field("file", message: "\(path): \(message)", of: .train))
    #expect(
      failure { () throws(DataFailure) in try part.source.load(context()) }
        == .field("file", message: "\(path): \(message)", of: .train))
  }

  @Test func headerOfNumbersMayBeStated() throws {
    let folder = try TemporaryFolder()
    try folder.write("0,1,y\n1,2,a\n3,4,b\n", to: "names.csv")
    try folder.write("2001,2002,2003\n1,2,0\n3,4,1\n", to: "years.csv")
    let years = try declaration(
      "{source: csv, file: years.csv, header: true, target: 2003, task: classification}")
    let data = try years.source.load(context(directory: folder.path))
    #expect(data.inputNames == ["2001", "2002"] && data.inputValues == [1, 2, 3, 4])
    let none = try declaration(
      "{source: csv, file: years.csv, header: false, target: x3, task: regression}")
    let values = try none.source.load(context(directory: folder.path))
    #expect(values.count == 3 && values.inputNames == ["x1", "x2"])
    #expect(values.targetValues == [2003, 0, 1])
    // One text makes all cells names.
    let named = try declaration("{source: csv, file: names.csv, target: y}")
    #expect(try named.source.load(context(directory: folder.path)).inputNames == ["0", "1"])
  }

  /// Columns without a name, and columns outside `inputs` and `target`, are not read.
  @Test func columnsThatNobodyReadsFollowNoRule() throws {
    let pandas = try dataset(",a,b,y\n0,1,2,u\n1,3,4,v\n")
    #expect(pandas.inputNames == ["a", "b"] && pandas.inputValues == [1, 2, 3, 4])
    let comma = try dataset("a,y,\n1,u,\n2,v,\n")
    #expect(comma.inputNames == ["a"] && comma.inputValues == [1, 2])
    let rowsOnly = try dataset("a,y\n1,u,\n2,v,\n")
    #expect(rowsOnly.inputNames == ["a"] && rowsOnly.inputValues == [1, 2])
    let long = String(repeating: "n", count: 2000)
    let twice = try dataset("n,a,n,y,\(long)\nx,1,z,u,\n,2,\"q,r\",v,w\n", inputs: ["a"])
    #expect(twice.inputValues == [1, 2])
    // The names of used columns matter.
    #expect(
      failure { () throws(DataFailure) in try dataset("a,a,y\n1,2,u\n3,4,v\n") }
        == .field(
          "inputs", message: "t.csv: row 1: expected every column once, received 'a' twice",
          of: .train))
    #expect(
      failure { () throws(DataFailure) in try dataset("a,y,y\n1,u,u\n3,v,v\n", inputs: ["a"]) }
        == .field(
          "target", message: "t.csv: row 1: expected every column once, received 'y' twice",
          of: .train))
    // When only some rows end with a comma, the comma adds a cell too many.
    #expect(
      failure { () throws(DataFailure) in try dataset("a,y\n1,u,\n2,v\n3,w,\n") }?.message
        == "t.csv: row 3: expected a comma at the end, as in the rows above, received none")
    #expect(
      failure { () throws(DataFailure) in try dataset("a,y\n2,v\n1,u,\n") }?.message
        == "t.csv: row 3: expected 2 cells, received 3")
  }
}
