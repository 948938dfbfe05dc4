import DataFiles
import DataSources
import Testing
import YAML

@Suite struct BadCellsTests {
  private func cells(_ text: String, _ fields: String = "") throws -> BadCells {
    let part = try declaration("{source: csv, file: t.csv, target: y\(fields)}")
    let source = try #require(part.source as? CSV)
    let thrown = failure { () throws(DataFailure) in
      try source.dataset(Array(text.utf8), context(classes: part.classes))
    }
    guard case .cells(let cells, of: .train) = thrown else {
      throw Diagnostics(Diagnostic("expected bad cells", at: .none))
    }
    return cells
  }

  /// Keeps ten cells of each column, and counts all.
  @Test func tenCellsOfEachColumnAreKept() throws {
    let rows = (0..<12).map { "?,\($0),\($0 == 3 ? "" : "u")\n" }.joined()
    let found = try cells("a,b,y\n" + rows + "1,n/a,v\n")
    #expect(found.columns.map(\.name) == ["a", "y", "b"])
    #expect(found.columns.map(\.count) == [12, 1, 1])
    #expect(found.columns.map(\.cells.count) == [10, 1, 1])
    #expect(
      found.message == """
        t.csv: row 2, column 'a': expected a number, received '?'; 'missing: median' accepts missing values; and 11 more cells of the column
        t.csv: row 5, column 'y': expected a class of at most 1000 bytes, received an empty cell
        t.csv: row 14, column 'b': expected a number, received 'n/a'; 'type: category' accepts it
        """)
  }

  @Test func messageStandsAtTheFieldAndNotesAtTheCells() throws {
    let found = try cells("a,y,b\n1,\"u\nv\",x\n\"é\"\"\",w,2\n", ", inputs: [a, b]")
    // Each message stands at the item of `inputs` that reads the column.
    #expect(
      found.diagnostics { _ in .none }.rendered == """
        model.yaml:1:48: error: t.csv: row 4, column 'a': expected a number, received 'é"'; 'type: category' accepts it
            1 | {source: csv, file: t.csv, target: y, inputs: [a, b]}
              |                                                ^
        t.csv:4:2: note: expected a number, received 'é"'; 'type: category' accepts it
            4 | "é""\",w,2
              |  ^
        model.yaml:1:51: error: t.csv: row 2, column 'b': expected a number, received 'x'; 'type: category' accepts it
            1 | {source: csv, file: t.csv, target: y, inputs: [a, b]}
              |                                                   ^
        t.csv:3:4: note: expected a number, received 'x'; 'type: category' accepts it
            3 | v",x
              |    ^
        """)
  }

  /// Reports labels without a class beside invalid numbers.
  @Test func labelsAreAmongThem() throws {
    let found = try cells("a,y\n1,u\nx,d\n1,e\n1,d\n1,v\n", ", classes: [u, v]")
    #expect(
      found.message == """
        t.csv: row 3, column 'a': expected a number, received 'x'; 'type: category' accepts it
        t.csv: row 3, column 'y': expected a class ('u', 'v'), received 'd'; and 2 more cells of the \
        column
        """)
    #expect(found.columns.map(\.field) == ["file", "target"])
  }

  @Test func columnsHaveALimit() throws {
    let names = (0..<30).map { "c\($0)" }.joined(separator: ",")
    let dashes = (0..<30).map { _ in "-" }.joined(separator: ",")
    let found = try cells("\(names),y\n\(dashes),u\n\(dashes),v\n")
    #expect(found.columns.count == 20 && found.omittedCount == 10)
    #expect(found.diagnostics { _ in .none }.errorCount == 30)
  }
}
