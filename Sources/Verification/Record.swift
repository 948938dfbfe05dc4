internal import ModelFiles
internal import Networks
internal import Training

/// The results of a training, which `dlrun verify` compares: the file `spiral.expected.csv` beside
/// a model.
///
/// The record contains nothing that varies between two trainings with one arithmetic. For a long
/// training it keeps some rows of the history, and a digest of all rows.
package struct Record: Sendable, Equatable {
  /// The cells of one iteration in the history.
  package struct Row: Sendable, Equatable {
    package let iteration: Int
    package let cells: [String]
  }

  /// A value at the end of the training.
  package struct Score: Sendable, Equatable {
    package let name: String
    package let value: String
  }

  /// The allowed relative difference to another arithmetic; see ``RecordComparison``.
  package var tolerance: Double
  /// The version of dlrun.
  package let version: String
  package let seed: Int
  /// The version of the arithmetic; see ``Version/arithmetic``.
  package var arithmetic: Int
  /// The digests of the model and its examples.
  package let model: String
  package let data: String
  /// `completed`, or the reason for an early stop.
  package let end: String
  package let iterations: Int
  /// The digests of all rows and of the weights.
  package let history: String
  package let weights: String
  package let scores: [Score]
  /// The first line of the history.
  package let header: String
  package let rows: [Row]
  /// The description of the kept rows.
  package let kept: String

  /// The default of the allowed relative difference between two arithmetics.
  package static let standardTolerance = 0.05
  /// The allowed tolerances.
  package static let tolerances = 1e-6...0.5

  /// Returns the path of a model's record: `models/spiral.expected.csv` for `models/spiral.yaml`.
  package static func path(ofModel path: String) -> String {
    let ending = ModelPaths.endings.first { path.hasSuffix($0) } ?? ""
    return path.dropLast(ending.count) + fileEnding
  }

  /// The ending of record files.
  static let fileEnding = ".expected.csv"
}

extension Record {
  /// Makes a record of a finished training.
  ///
  /// - Parameters:
  ///   - history: the history, with a row for each iteration.
  ///   - end: `completed`, or the reason for an early stop.
  init(
    _ model: ModelFile, history: History, weights: Digest, data: Digest,
    scores: [NamedScore], end: String, tolerance: Double
  ) {
    let csv = history.csv
    var lines = csv.split(separator: "\n")[...]
    header = lines.popFirst().map(String.init) ?? ""
    let kept = RecordedRows(rows: history.iterations.count, tests: history.tests.count)
    var tests = history.tests.enumerated().makeIterator()
    var next = tests.next()
    var rows: [Row] = []
    for (row, line) in lines.enumerated() {
      var test: Int?
      if let current = next, current.element.row == row {
        test = current.offset
        next = tests.next()
      }
      guard kept.contains(row: row, test: test) else { continue }
      rows.append(Row(iteration: history.iterations[row], cells: Record.cells(of: line)))
    }
    self.rows = rows
    self.kept = kept.description
    self.tolerance = tolerance
    version = Version.dlrun
    seed = model.seed
    arithmetic = Version.arithmetic
    self.model = Digest(of: model).text
    self.data = data.text
    self.end = end
    iterations = history.iterations.last ?? 0
    self.history = Digest(of: csv).text
    self.weights = weights.text
    self.scores = scores.map { Score(name: $0.name, value: $0.value.singlePrecision) }
  }

  static func cells(of line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}
