import DataFiles
import DataSources
import Testing
import YAML

@Suite struct ClassNamesTests {
  private func classes(_ text: String) throws -> ClassNames? {
    try declaration("{source: csv, file: t.csv, target: y, classes: \(text)}").classes
  }

  @Test func countsAndNamesAreRead() throws {
    #expect(try classes("2") == .count(2))
    #expect(try classes("1000000") == .count(1_000_000))
    #expect(try classes("[b, a]") == .names(["b", "a"]))
    #expect(try classes("[0, 1, 2]") == .names(["0", "1", "2"]))
    #expect(try classes("~") == nil)
    #expect(ClassNames.count(3).names == ["0", "1", "2"])
    #expect(ClassNames.names(["b", "a"]).count == 2)
    #expect(ClassNames.count(3).encoded.scalar?.text == "3")
    #expect(ClassNames.names(["b", "a"]).encoded.items?.map(\.scalar?.text) == ["b", "a"])
  }

  @Test(arguments: [
    ("1", "'1'"), ("0", "'0'"), ("-1", "'-1'"), ("1000001", "'1000001'"),
    ("9223372036854775808", "'9223372036854775808'"), ("2.5", "'2.5'"), (".nan", "'.nan'"),
    ("many", "'many'"), ("[]", "an empty list"), ("[a]", "[a]"), ("{a: 1}", "a mapping"),
  ])
  func otherValuesAreRefused(text: String, received: String) throws {
    #expect(
      try firstLine("{source: csv, file: t.csv, target: y, classes: \(text)}")
        == "model.yaml:1:48: error: classes: expected a number of classes from 2 to 1000000 "
        + "or a list of at least 2 names, received \(received)")
  }

  @Test func repetitionIsRefusedAtItsPlace() throws {
    #expect(
      try refusal("{source: csv, file: t.csv, target: y, classes: [a, b, a]}") == """
        model.yaml:1:55: error: classes: expected every class once, received 'a' twice
            1 | {source: csv, file: t.csv, target: y, classes: [a, b, a]}
              |                                                       ^
        """)
  }

  @Test func wrongItemIsReportedOnce() throws {
    #expect(
      try refusal("{source: csv, file: t.csv, target: y, classes: [a, ~]}") == """
        model.yaml:1:52: error: classes: expected a number of classes from 2 to 1000000 or a list \
        of at least 2 names, received nothing
            1 | {source: csv, file: t.csv, target: y, classes: [a, ~]}
              |                                                    ^
        """)
  }
}
