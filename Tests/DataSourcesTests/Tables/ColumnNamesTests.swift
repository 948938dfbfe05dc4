import DataFiles
import DataSources
import Testing
import YAML

@Suite struct ColumnNamesTests {
  private func target(_ text: String) throws -> ColumnNames? {
    let source = try declaration("{source: csv, file: t.csv, target: \(text)}").source
    return (source as? CSV)?.target
  }

  @Test func oneNameOrAListIsRead() throws {
    #expect(try target("label") == ColumnNames(["label"]))
    #expect(try target("[label]") == ColumnNames(["label"]))
    #expect(try target("[a, b]") == ColumnNames(["a", "b"]))
    #expect(try target("7") == ColumnNames(["7"]))
    #expect(ColumnNames(["a"]).encoded.scalar?.text == "a")
    #expect(ColumnNames(["a", "b"]).encoded.items?.count == 2)
  }

  @Test(arguments: [
    ("[]", "an empty list"), ("''", "''"), ("{a: 1}", "a mapping"), ("[a, '']", "[a, '']"),
    ("~", "nothing"),
  ])
  func otherValuesAreRefused(text: String, received: String) throws {
    #expect(
      try firstLine("{source: csv, file: t.csv, target: \(text)}")
        == "model.yaml:1:36: error: target: expected a column's name or a list of names, "
        + "received \(received)")
  }

  @Test func repetitionIsRefusedAtItsPlace() throws {
    #expect(
      try refusal("{source: csv, file: t.csv, target: [a, b, a]}") == """
        model.yaml:1:43: error: target: expected every column once, received 'a' twice
            1 | {source: csv, file: t.csv, target: [a, b, a]}
              |                                           ^
        """)
  }
}
