import DataFiles
import DataSources
import Foundation
import Oracles
import Tensors
import Testing
import YAML

/// Support for the tests of this module.

/// The node of one line of YAML, called `model.yaml` in messages.
func node(_ text: String) throws -> Node {
  try Node.parse(Array(text.utf8), name: "model.yaml")
}

/// Returns the part that `text` states. Records an issue when it is refused.
func declaration(_ text: String, phase: DataPhase = .train) throws -> DataDeclaration {
  var diagnostics = Diagnostics()
  let declaration = DataDeclaration.decode(try node(text), phase: phase, &diagnostics)
  return try #require(declaration, "\(diagnostics.rendered)")
}

/// Returns the rendered messages that refuse a part. Empty without a refusal.
func refusal(_ text: String, phase: DataPhase = .train) throws -> String {
  var diagnostics = Diagnostics()
  let declaration = DataDeclaration.decode(try node(text), phase: phase, &diagnostics)
  #expect((declaration == nil) == diagnostics.hasErrors)
  return diagnostics.rendered
}

/// Returns the first line of the first message that refuses a part.
func firstLine(_ text: String, phase: DataPhase = .train) throws -> String {
  let lines = try refusal(text, phase: phase).split(separator: "\n")
  return lines.first.map(String.init) ?? ""
}

/// Returns the message of the error that `body` throws, or nil.
func failure<Result>(_ body: () throws(DataFailure) -> Result) -> DataFailure? {
  do throws(DataFailure) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

/// Returns the message about a table's cells that `body` throws, or nil.
func badCells<Result>(_ body: () throws(DataFailure) -> Result) -> String? {
  guard case .cells(let cells, _) = failure(body) else { return nil }
  return cells.message
}

func context(
  seed: Int = 1, phase: DataPhase = .train, classes: ClassNames? = nil, directory: String = ""
) -> DataContext {
  DataContext(
    directory: directory, seed: seed, phase: phase,
    known: classes.map { [DataTop.label: $0] } ?? [:])
}

/// A table called `t.csv`.
func table(_ text: String) throws(DataFailure) -> TableReader {
  try TableReader(TableSource(Array(text.utf8), path: "t.csv"))
}

extension CSV {
  /// Returns the examples of a table called `t.csv`.
  func dataset(_ text: [UInt8], _ context: DataContext) throws(DataFailure) -> Dataset {
    let open = { () throws(DataFailure) in
      try TableReader(TableSource(text, path: "t.csv"), dialect)
    }
    return try dataset(of: open(), context, open)
  }
}

/// Returns the examples of the table `text`, read by the source that `fields` describe.
func dataset(
  _ text: String, target: [String] = ["y"], inputs: [String]? = nil, task: CSV.Task? = nil,
  classes: ClassNames? = nil
) throws(DataFailure) -> Dataset {
  var source = CSV()
  source.file = "t.csv"
  source.target = ColumnNames(target)
  source.inputs = inputs.map { TableInputs($0.map(ColumnEncoding.init(column:))) }
  source.task = task
  return try source.dataset(Array(text.utf8), context(classes: classes))
}

extension Dataset {
  /// The inputs of one example.
  func input(_ index: Int) -> [Float] { (try? inputs[0].values(ofExample: index)) ?? [] }

  /// The indices of the examples of one class.
  func members(of label: Int) -> [Int] {
    let labels = targetValues
    return (0..<count).filter { labels[$0] == Float(label) }
  }
}
