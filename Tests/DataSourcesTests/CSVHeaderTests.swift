import DataSources
import Testing

@Suite struct CSVHeaderTests {
  @Test(arguments: [
    ("", "expected a header line, received an empty file"),
    ("\u{FEFF}", "expected a header line, received an empty file"),
    ("\n1\n", "row 1, column 1: expected a name, received an empty cell"),
    ("a,,c\n1,2,3\n", "row 1, column 2: expected a name, received an empty cell"),
    ("a,\"\",c\n1,2,3\n", "row 1, column 2: expected a name, received an empty cell"),
    ("a,b,\n1,2,3\n", "row 1, column 3: expected a name, received an empty cell"),
    ("a,b,a\n1,2,3\n", "row 1: expected every column once, received 'a' twice"),
    ("a,\"b\n1,2\n", "row 1: expected a closing quote, received the end of the file"),
    ("a,b\r1,2\r", "row 1: expected a line feed after a carriage return"),
  ])
  func wrongHeaderIsRefused(text: String, message: String) throws {
    #expect(failure { () throws(DataFailure) in try table(text) } == .content("t.csv: \(message)"))
    // The same from a file of which no more than the header is read.
    let folder = try Folder()
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
    #expect(try table("\(longest)\n1\n").header == [longest])
    #expect(
      failure { () throws(DataFailure) in try table("a,\(longest)n\n1,2\n") }
        == .content(
          "t.csv: row 1, column 2: expected a name of at most 1000 bytes in a header of at most "
            + "1048576"))
    let many = (0..<300_000).map { "c\($0)" }.joined(separator: ",")
    #expect(
      failure { () throws(DataFailure) in try table(many) }?.message.hasSuffix(
        "expected a name of at most 1000 bytes in a header of at most 1048576") == true)
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

  /// A column with another use is not the one that was meant.
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

  /// The header is read in steps of 16 KiB: whatever stands at the end of one must not matter.
  @Test func headerLongerThanOneStepIsRead() throws {
    let folder = try Folder()
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
    let folder = try Folder()
    // Broken below the header: a reading of the rows would fail.
    let path = try folder.write("a,y\n1\n\0\n\"", to: "t.csv")
    var source = CSV()
    source.file = path
    source.target = ColumnNames(["y"])
    #expect(try source.signature(context()).inputNames == ["a"])
    #expect(failure { () throws(DataFailure) in try source.load(context()) } != nil)
  }
}
