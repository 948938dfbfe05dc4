import DataFiles
import DataSources
import Oracles
import Tensors
import Testing

/// The marks in the numbers of a whole table.
@Suite struct NumberMarksTests {
  private static let text = "a;b;w;y\n1,5;2.5;0,5;1.000,25\n-2,5;3.5;2;7\n"

  private func source(_ fields: (inout CSV) -> Void) -> CSV {
    var source = CSV()
    (source.file, source.target, source.task) = ("t.csv", ColumnNames(["y"]), .regression)
    source.dialect.separator = .semicolon
    source.dialect.marks = NumberMarks(decimal: .comma, thousands: .point)
    fields(&source)
    return source
  }

  @Test func holdForInputsTargetsAndWeights() throws {
    let source = source { source in
      source.weight = "w"
      var point = ColumnEncoding(column: "b")
      point.decimal = .point
      source.inputs = TableInputs([ColumnEncoding(column: "a"), point])
    }
    let data = try source.dataset(Array(Self.text.utf8), context())
    #expect(data.inputValues == [1.5, 2.5, -2.5, 3.5])
    #expect(data.targetValues == [1000.25, 7])
    let weights = try #require(data.weights).tensor.storage.floats()
    #expect([weights[0], weights[1]] == [0.5, 2])
  }

  @Test func badTargetNamesTheFieldThatAcceptsIt() {
    let source = source { $0.dialect.marks = NumberMarks() }
    #expect(
      badCells { () throws(DataFailure) in
        try source.dataset(Array("a;y\n1;2\n1;1.000,5\n".utf8), context())
      }
        == "t.csv: row 3, column 'y': expected a number, received '1.000,5'; 'decimal: \",\"' with "
        + "'thousands: \".\"' accepts it")
  }
}
