import DataFiles
import DataSources
import Fields
import Testing
import YAML

@Suite struct TableInputsTests {
  private func inputs(_ text: String, _ diagnostics: inout Diagnostics) throws -> TableInputs? {
    let node = try Node.parse(Array(text.utf8), name: "model.yaml")
    switch TableInputs.decode(node, &diagnostics) {
    case .value(let value): return value
    case .mismatch: diagnostics.error("expected \(TableInputs.expectation)", at: node.mark)
    case .wrong(let parts):
      for part in parts {
        diagnostics.error(
          "inputs: expected \(part.expectation ?? ""), received \(part.received)", at: part.mark)
      }
    case .reported: break
    }
    return nil
  }

  private func columns(
    _ text: String, _ header: String, targets: [String] = []
  ) throws -> (names: [String], message: String) {
    var diagnostics = Diagnostics()
    let reader = try TableReader(TableSource(Array((header + "\n").utf8), path: "t.csv"))
    var message = ""
    var found: [TableInputs.Column] = []
    if let inputs = try inputs(text, &diagnostics) {
      do throws(DataFailure) {
        found = try inputs.columns(of: reader.header, targets: targets)
      } catch {
        message = error.message
      }
    }
    let lines = diagnostics.rendered.split(separator: "\n").filter { $0.contains("error") }
    return (
      found.map { "\($0.index) \($0.encoding.column) \($0.encoding.kind)" },
      message + lines.joined(separator: "\n")
    )
  }

  @Test func namesPatternsAndMappingsAreRead() throws {
    let found = try columns(
      "[b, \"x*\", {column: x2, type: category}, {column: \"*_on\", type: date}]",
      "x1,x2,b,y,x3,got_on,,x1y", targets: ["x3"])
    #expect(
      found.names == [
        "2 b number", "0 x1 number", "7 x1y number", "1 x2 category", "5 got_on date",
      ])
    #expect(found.message == "")
    #expect(try columns("b", "a,b").names == ["1 b number"])
    #expect(try columns("[\"*\"]", "a,b,y", targets: ["y"]).names == ["0 a number", "1 b number"])
  }

  @Test(arguments: [
    (
      "[aeg]",
      """
      t.csv: row 1: expected a column 'aeg', received 'age', 'b', 'b', 'y'; did you mean 'age'?
      """
    ),
    (
      "[age, \"z*\"]",
      """
      t.csv: expected a column that matches 'z*', received 'age', 'b', 'b', 'y'
      """
    ),
    (
      "[age, {column: age, type: category}]",
      """
      model.yaml:1:16: error: inputs: expected every column once, received 'age' twice
      """
    ),
    (
      "[\"a*\", \"*e\"]",
      """
      t.csv: expected every column once, received 'age' twice
      """
    ),
    (
      "[b]",
      "t.csv: row 1: expected every column once, received 'b' twice"
    ),
    (
      "[{colum: age}]",
      """
      model.yaml:1:2: error: column: 'column' is missing: expected a column's name
      model.yaml:1:3: error: column: unknown field 'colum'; did you mean 'column'?
      """
    ),
    (
      "[age, [b]]",
      """
      model.yaml:1:7: error: inputs: expected a column's name, a pattern or a mapping, received a \
      list of 1
      """
    ),
    (
      "[]",
      """
      model.yaml:1:1: error: expected a list of columns, each a name, a pattern or a mapping with \
      'column'
      """
    ),
  ])
  func mistakesAreLocated(text: String, message: String) throws {
    #expect(try columns(text, "age,b,b,y", targets: ["y"]).message == message)
  }

  @Test func resolvedListReadsAsTheSame() throws {
    var diagnostics = Diagnostics()
    let text = "[age, {column: city, type: category, other: true}, {column: b, missing: median}]"
    let inputs = try #require(try inputs(text, &diagnostics))
    guard case .value(let again) = TableInputs.decode(inputs.encoded, &diagnostics) else {
      Issue.record("the encoded list is not read")
      return
    }
    #expect(again == inputs)
  }

  @Test(arguments: [
    ("x*", "x", true), ("x*", "xy", true), ("x*", "ax", false), ("*x*", "axb", true),
    ("a*b*c", "a1b2c", true), ("a*b*c", "abc", true), ("a*b*c", "acb", false), ("*", "", true),
    ("a*a", "a", false), ("**", "é", true), ("*é", "aé", true), ("a*bb*b", "abb", false),
  ])
  func starsStandForAnyText(pattern: String, name: String, matches: Bool) throws {
    let found = try columns("[\"\(pattern)\", z]", "\(name),z,q")
    #expect(found.names.contains("0 \(name) number") == (matches && !name.isEmpty))
  }
}
