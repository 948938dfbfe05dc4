package import DataFiles

/// Examples without targets, which are read one piece after the other for a prediction.
package protocol ExamplePieces: AnyObject {
  /// The names of the cells that identify an example, such as `file`. Mostly empty.
  var labelNames: [String] { get }

  /// Returns the number of all examples. Nil when only reading them shows it.
  func count() throws(DataFailure) -> Int?

  /// Returns the next examples, before scaling and standardization. Nil at the end.
  func next() throws(DataFailure) -> ExamplePiece?
}

/// Some examples of a prediction.
package struct ExamplePiece: Sendable {
  /// The inputs, in the order of the network's.
  package let dataset: Dataset
  /// For each example the cells of ``ExamplePieces/labelNames``. Empty without such cells.
  package let labels: [[String]]

  package init(dataset: Dataset, labels: [[String]]) {
    self.dataset = dataset
    self.labels = labels
  }
}

/// Values in double precision in memory, example by example.
struct DoubleValues: ExactValues {
  let values: [Double]
  let top: DataTop
  /// The number of examples before these.
  let first: Int
  let path: String

  func read(_ body: ValueRunReader) {
    let width = max(1, top.width)
    for example in 0..<values.count / width {
      let run = values.span.extracting(example * width..<(example + 1) * width)
      guard body(run, example, 0, false) else { return }
    }
  }

  func subject(ofColumn column: Int) -> String { "\(path): '\(top.valueName(column))'" }

  func places(ofExamples examples: [Int]) -> String {
    "in examples " + examples.map { String(first + $0) }.joined(separator: " and ")
  }
}
