internal import ModelFiles
internal import Networks
internal import Training

/// What a training reached: the file beside a model, `spiral.expected.csv`, that `dlrun verify` compares with.
///
/// Nothing in it varies between two trainings on processors of one kind. Of a long training not every row of the
/// history is kept, but of all rows a digest.
package struct Record: Sendable, Equatable {
  /// One iteration, as the history has it.
  package struct Row: Sendable, Equatable {
    package let iteration: Int
    package let cells: [String]
  }

  /// A number of the end.
  package struct Score: Sendable, Equatable {
    package let name: String
    package let value: String
  }

  /// How far a processor of another kind may be away, as a share: see ``RecordComparison``.
  package var tolerance: Double
  /// Of dlrun.
  package let version: String
  package let seed: Int
  /// See ``ProcessorKind``.
  package var processor: String
  /// Digests of the model and its examples.
  package let model: String
  package let data: String
  /// `completed`, or why it stopped early.
  package let end: String
  package let iterations: Int
  /// Digests of all rows and of the weights.
  package let history: String
  package let weights: String
  package let scores: [Score]
  /// The first line of the history.
  package let header: String
  package let rows: [Row]
  /// Which rows these are.
  package let kept: String

  /// How far apart two kinds of processor may be where nothing else is asked for.
  package static let standardTolerance = 0.05
  /// What may be asked for.
  package static let tolerances = 1e-6...0.5

  /// Where the record of a model is: `models/spiral.yaml` has `models/spiral.expected.csv`.
  package static func path(ofModel path: String) -> String {
    let ending = ModelPaths.endings.first { path.hasSuffix($0) } ?? ""
    return path.dropLast(ending.count) + fileEnding
  }

  /// How the names of records end.
  static let fileEnding = ".expected.csv"
}

extension Record {
  /// Makes a record of a training that ended.
  ///
  /// - Parameters:
  ///   - history: with a row for each iteration.
  ///   - end: `completed`, or why it stopped early.
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
    processor = ProcessorKind.current
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
