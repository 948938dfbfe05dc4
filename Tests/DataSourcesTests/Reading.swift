import DataSources
import Foundation
import Oracles
import Tensors
import Testing
import YAML

/// What the tests of this module read and compare.

/// The node of one line of YAML, called `model.yaml` in messages.
func node(_ text: String) throws -> Node {
  try Node.parse(Array(text.utf8), name: "model.yaml")
}

/// A part as `text` states it; an issue with the messages where it is refused.
func declaration(_ text: String, phase: DataPhase = .train) throws -> DataDeclaration {
  var diagnostics = Diagnostics()
  let declaration = DataDeclaration.decode(try node(text), phase: phase, &diagnostics)
  return try #require(declaration, "\(diagnostics.rendered)")
}

/// The rendered messages with which a part is refused; empty where it is not.
func refusal(_ text: String, phase: DataPhase = .train) throws -> String {
  var diagnostics = Diagnostics()
  let declaration = DataDeclaration.decode(try node(text), phase: phase, &diagnostics)
  #expect((declaration == nil) == diagnostics.hasErrors)
  return diagnostics.rendered
}

/// The first line of the first message with which a part is refused.
func firstLine(_ text: String, phase: DataPhase = .train) throws -> String {
  let lines = try refusal(text, phase: phase).split(separator: "\n")
  return lines.first.map(String.init) ?? ""
}

/// What `body` throws, as a message; nil if it does not throw.
func failure<Result>(_ body: () throws(DataFailure) -> Result) -> DataFailure? {
  do throws(DataFailure) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

/// The message that `body` throws of cells of a table; nil if it throws none.
func badCells<Result>(_ body: () throws(DataFailure) -> Result) -> String? {
  guard case .cells(let cells, _) = failure(body) else { return nil }
  return cells.message
}

func context(
  seed: Int = 1, phase: DataPhase = .train, classes: ClassNames? = nil, directory: String = ""
) -> DataContext {
  DataContext(directory: directory, seed: seed, phase: phase, classes: classes)
}

/// A table called `t.csv`.
func table(_ text: String) throws(DataFailure) -> CSVTable {
  try CSVTable(Array(text.utf8), path: "t.csv")
}

/// The examples of the table `text` by the source that `fields` describe.
func dataset(
  _ text: String, target: [String] = ["y"], inputs: [String]? = nil, task: CSV.Task? = nil,
  classes: ClassNames? = nil
) throws(DataFailure) -> Dataset {
  var source = CSV()
  source.file = "t.csv"
  source.target = ColumnNames(target)
  source.inputs = inputs.map { ColumnNames($0) }
  source.task = task
  return try source.dataset(of: table(text), context(classes: classes))
}

/// A folder of its own for the files of one test, removed at its end.
final class Folder {
  private let folder: ScratchFolder
  var path: String { folder.path }

  init() throws { folder = try ScratchFolder() }

  /// Writes a file; returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try text.write(toFile: file, atomically: false, encoding: .utf8)
    return file
  }
}

extension Dataset {
  /// The inputs of one example.
  func input(_ index: Int) -> [Float] {
    (0..<inputShape.count).map { inputs[index * inputShape.count + $0] }
  }

  /// The places of the examples of one class.
  func members(of label: Int) -> [Int] { (0..<count).filter { targets[$0] == Float(label) } }
}
