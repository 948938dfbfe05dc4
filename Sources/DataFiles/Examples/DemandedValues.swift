internal import YAML

/// Reads the numbers of examples on demand in double precision.
package struct DemandedValues: ExactValues {
  private let examples: ExampleSelection
  /// The names of the numbers. Empty when they have none.
  private let names: [String]

  package init(_ examples: ExampleSelection, names: [String]) {
    self.examples = examples
    self.names = names
  }

  package func read(_ body: ValueRunReader) throws(DataFailure) {
    let cursor = examples.reader.makeCursor()
    var numbers: [Double] = []
    for example in 0..<examples.count {
      try cursor.readNumbers(examples[example], into: &numbers)
      let row = numbers.span.extracting(0..<examples.width)
      guard body(row, example, 0, false) else { return }
    }
  }

  package func subject(ofColumn column: Int) -> String {
    names.isEmpty ? "value \(column + 1)" : "column '\(names[column].quotable)'"
  }

  package func places(ofExamples examples: [Int]) -> String {
    "in examples " + examples.map(String.init).joined(separator: " and ")
  }
}
