package import DataSources
package import Files
internal import Layers
package import ModelFiles
package import Networks
package import YAML

/// A model file that was read and checked as far as can be without reading examples.
package struct PreparedModel: Sendable {
  package var file: ModelFile
  package let signature: DataSignature
  /// The network of the train phase, with a full batch.
  package let training: Graph
  /// The network of the test phase, with a full batch of the test part (or of the train part, where
  /// there is none).
  package let testing: Graph

  /// Reads a file from disk.
  ///
  /// - Throws: ``RunFailure`` with every mistake that is in the file.
  package init(path: String, overrides: [Override] = []) throws(RunFailure) {
    try self.init(try Document.read(path), path: path, overrides: overrides)
  }

  /// Checks a document that was read from `path`. A part that is wrong hides no mistake of another:
  /// the rest is judged as far as it does not depend on it.
  ///
  /// - Parameter output: the prediction, in place of the one that the file states.
  package init(
    _ document: Node, path: String, overrides: [Override] = [], output: StatedOutput? = nil
  ) throws(RunFailure) {
    var draft = ModelFile.draft(document, path: path, overrides: overrides)
    if let output { draft.file?.output = output }
    try self.init(draft)
  }

  /// Checks a model that was read without a mistake, or made of one.
  package init(_ file: ModelFile) throws(RunFailure) {
    try self.init(ModelFile.Draft(sound: file))
  }

  private init(_ draft: ModelFile.Draft) throws(RunFailure) {
    var diagnostics = draft.diagnostics
    guard let file = draft.file else { throw .refused(diagnostics) }
    let (signature, failures) =
      draft.isDataSound ? PreparedModel.signature(of: file) : (nil, [])
    let graphs = PreparedModel.graphs(of: file, signature, &diagnostics)
    let hasAllNames = file.network.allSatisfy { $0.flaw == nil || $0.flaw == .fields }
    if draft.isDataSound, hasAllNames {
      PreparedModel.checkScores(file, &diagnostics)
      if draft.isSolverSound { PreparedModel.checkMeasured(file, &diagnostics) }
    }
    if draft.isSolverSound, let signature {
      PreparedModel.checkLengths(file, signature, &diagnostics)
    }
    // What cannot be read decides the exit code only where nothing else is wrong.
    let isSound = !diagnostics.hasErrors
    for failure in failures { diagnostics.report(failure.diagnostic(in: file.data)) }
    if isSound, failures.contains(where: \.isEnvironment) { throw .unreadable(diagnostics) }
    guard let signature, let (training, testing) = graphs,
      !diagnostics.hasErrors
    else { throw .refused(diagnostics) }
    self.file = file
    self.signature = signature
    self.training = training
    self.testing = testing
  }

  /// The networks of both phases; nil if either is wrong, and reported.
  ///
  /// - Parameter signature: nil if nothing is known of the data: only names are judged then.
  private static func graphs(
    of file: ModelFile, _ signature: DataSignature?, _ diagnostics: inout Diagnostics
  ) -> (training: Graph, testing: Graph)? {
    var (trainMistakes, testMistakes) = (Diagnostics(), Diagnostics())
    var graphs: (Graph, Graph)?
    if let signature {
      let batch = file.data.train.batchSize
      let training = Graph(
        file, phase: .train, signature: signature, batchSize: batch, &trainMistakes)
      let testing = Graph(
        file, phase: .test, signature: signature,
        batchSize: file.data.test?.batchSize ?? batch, sharing: training,
        &testMistakes)
      if let training, let testing {
        graphs = (training, testing)
        let count = signature.exampleCount
        SingleValueBatches.check(training, exampleCount: count, &trainMistakes)
        SingleValueBatches.check(
          testing, exampleCount: file.data.test == nil ? count : nil, &testMistakes)
      }
    } else {
      Graph.checkNames(file, phase: .train, &trainMistakes)
      Graph.checkNames(file, phase: .test, &testMistakes)
    }
    // Both phases report what is wrong in both.
    trainMistakes.mergeNewPlaces(of: testMistakes)
    diagnostics.mergeKnownPlaces(of: trainMistakes)
    return graphs
  }

  /// What is known of the data without reading examples, and what is wrong with either part.
  private static func signature(
    of file: ModelFile
  ) -> (signature: DataSignature?, failures: [DataFailure]) {
    let (parts, directory, seed) = (file.data, file.directory, file.seed)
    var signature: DataSignature?
    var failures: [DataFailure] = []
    do throws(DataFailure) {
      signature = try parts.train.signature(directory: directory, seed: seed, phase: .train)
    } catch {
      failures.append(error)
    }
    do throws(DataFailure) {
      try parts.checkTest(against: signature, directory: directory, seed: seed)
    } catch {
      // One file that both parts name fails once.
      if !failures.map(\.message).contains(error.message) {
        failures.append(error.inPart(.test))
      }
    }
    return (signature, failures)
  }

  /// The same network for another number of examples. It differs in the first axis alone, so it
  /// fits as well.
  package func graph(_ phase: DataPhase, batchSize: Int) throws(RunFailure) -> Graph {
    let known = phase == .train ? training : testing
    if known.batchSize == batchSize { return known }
    var diagnostics = Diagnostics()
    let graph = Graph(
      file, phase: phase, signature: signature, batchSize: batchSize,
      sharing: phase == .test ? training : nil, &diagnostics)
    guard let graph else { throw .refused(diagnostics) }
    return graph
  }

  /// Test data are scored, and every expectation names a number that a run reports.
  private static func checkScores(_ file: ModelFile, _ diagnostics: inout Diagnostics) {
    let scores = testScores(of: file)
    if file.data.test != nil, scores.isEmpty {
      diagnostics.error(
        "network: no loss or metric in the test phase, which has data: expected a layer such as "
          + "Accuracy or R2", at: file.network[0].node.mark)
    }
    let hasBest = file.solver.best != nil || Ranking(scores, nil) != nil
    let parts =
      file.data.test == nil ? ["train"] : ["train", "test"] + (hasBest ? ["best_test"] : [])
    let known = ["loss"] + parts.flatMap { part in scores.map { "\(part)_\($0.name)" } }
    for expectation in file.expectations where !known.contains(expectation.metric) {
      diagnostics.error(
        "expect: no run of this model reports '\(expectation.metric.quotable)' "
          + "(known: \(known.map(\.quotable).joined(separator: ", ")))",
        at: expectation.mark, suggestion: known.nearest(to: expectation.metric))
    }
  }
}

extension RunFailure {
  /// - Parameter parts: the data of the model file, whose fields are blamed.
  package init(_ failure: DataFailure, in parts: DataParts) {
    switch failure {
    case .content(let message): self = .refusedInput(message)
    case .cells(let cells, let phase):
      self = .refused(
        cells.diagnostics { field in phase.map { parts.mark(of: field, in: $0) } ?? .none })
    case .field(let field, let message, let phase):
      self =
        parts.mark(of: field, in: phase).isNone
        ? .refusedInput(message) : .refused(Diagnostics(failure.diagnostic(in: parts)))
    case .io(let message, let field, let phase):
      let mark = parts.mark(of: field, in: phase)
      self =
        mark.isNone
        ? .environment(message) : .unreadable(Diagnostics(Diagnostic(message, at: mark)))
    }
  }
}

extension DataFailure {
  fileprivate var isEnvironment: Bool {
    if case .io = self { true } else { false }
  }

  /// The failure with the part that it is about, where it names none.
  fileprivate func inPart(_ phase: DataPhase) -> DataFailure {
    guard case .content(let message) = self else { return self }
    return .field("source", message: message, of: phase)
  }

  /// The failure at its field, or else its part; at the training part, where it names none.
  fileprivate func diagnostic(in parts: DataParts) -> Diagnostic {
    switch self {
    case .field(let field, let message, let phase):
      Diagnostic(message, at: parts.mark(of: field, in: phase))
    case .content(let message): Diagnostic(message, at: parts.train.mark)
    case .cells(let cells, let phase): Diagnostic(cells.message, at: parts.mark(of: phase))
    case .io(let message, let field, let phase):
      Diagnostic(message, at: parts.mark(of: field, in: phase))
    }
  }
}
