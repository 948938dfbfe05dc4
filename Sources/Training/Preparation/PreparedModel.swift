package import DataFiles
package import DataSources
package import Files
internal import Layers
package import ModelFiles
package import Networks
package import YAML

/// A model file that passed every check that needs no examples.
package struct PreparedModel: Sendable {
  package var file: ModelFile
  package let signature: DataSignature
  /// The network of the train phase, with a full batch.
  package let training: Graph
  /// The network of the test phase, with a full batch of the test part, or of the train part if
  /// there is no test part.
  package let testing: Graph
  /// The loop that parses tables.
  package let tableLoop: ParallelLoop

  /// Reads a file from disk.
  ///
  /// - Parameter threads: The number of threads that parse tables.
  /// - Throws: ``RunFailure`` with every mistake in the file.
  package init(
    path: String, overrides: [Override] = [], threads: Int = 1
  ) throws(RunFailure) {
    try self.init(try Document.read(path), path: path, overrides: overrides, threads: threads)
  }

  /// Checks a document that was read from `path`.
  ///
  /// A mistake in one part does not hide those of another. The checks continue with everything that
  /// does not depend on the wrong part.
  ///
  /// - Parameters:
  ///   - output: The prediction, which replaces the one in the file.
  ///   - threads: The number of threads that parse tables.
  package init(
    _ document: Node, path: String, overrides: [Override] = [], output: StatedOutput? = nil,
    threads: Int = 1
  ) throws(RunFailure) {
    var draft = ModelFile.draft(document, path: path, overrides: overrides)
    if let output { draft.file?.output = output }
    try self.init(draft, ParallelLoop(threads: threads))
  }

  /// Checks a model file that is free of parsing mistakes, possibly one derived from another.
  package init(_ file: ModelFile) throws(RunFailure) {
    try self.init(ModelFile.Draft(sound: file), .serial)
  }

  private init(_ draft: ModelFile.Draft, _ loop: ParallelLoop) throws(RunFailure) {
    var diagnostics = draft.diagnostics
    guard let file = draft.file else { throw .refused(diagnostics) }
    let (signature, failures) =
      draft.isDataSound ? PreparedModel.signature(of: file, loop) : (nil, [])
    let graphs = PreparedModel.graphs(of: file, signature, &diagnostics)
    let hasAllNames = file.network.allSatisfy { $0.flaw == nil || $0.flaw == .fields }
    if draft.isDataSound, hasAllNames {
      PreparedModel.checkScores(file, &diagnostics)
      if draft.isSolverSound { PreparedModel.checkMeasured(file, &diagnostics) }
    }
    if draft.isSolverSound, let signature {
      PreparedModel.checkLengths(file, signature, &diagnostics)
    }
    // Unreadable data decide the exit code only if there is no other mistake.
    let isSound = !diagnostics.hasErrors
    for failure in failures { failure.report(in: file.data, &diagnostics) }
    if isSound, failures.contains(where: \.isEnvironment) { throw .unreadable(diagnostics) }
    guard let signature, let (training, testing) = graphs,
      !diagnostics.hasErrors
    else { throw .refused(diagnostics) }
    tableLoop = loop
    self.file = file.withLayers(sizedIn: [training, testing])
    self.signature = signature
    self.training = training
    self.testing = testing
  }

  /// Makes the networks of both phases. Nil when either is wrong, after the mistakes were reported.
  ///
  /// - Parameter signature: The properties of the data. Nil when nothing is known. Only names are
  ///   checked then.
  private static func graphs(
    of file: ModelFile, _ signature: DataSignature?, _ diagnostics: inout Diagnostics
  ) -> (training: Graph, testing: Graph)? {
    var (trainMistakes, testMistakes) = (Diagnostics(), Diagnostics())
    var graphs: (Graph, Graph)?
    if let signature {
      let hasWeights = file.data.train.hasWeights
      let batch = file.data.train.batchSize
      let training = Graph(
        file, phase: .train, signature: signature, batchSize: batch, &trainMistakes)
      let testing = Graph(
        file, phase: .test, signature: signature,
        batchSize: file.data.test?.batchSize ?? batch, sharing: training,
        &testMistakes)
      if let training, let testing {
        graphs = (training, testing)
        if hasWeights { training.checkTakesWeights(&trainMistakes) }
        let count = signature.exampleCount
        SingleValueBatches.check(training, exampleCount: count, &trainMistakes)
        SingleValueBatches.check(
          testing, exampleCount: file.data.test == nil ? count : nil, &testMistakes)
      }
    } else {
      Graph.checkNames(file, phase: .train, &trainMistakes)
      Graph.checkNames(file, phase: .test, &testMistakes)
    }
    // A mistake that occurs in both phases is reported by both.
    trainMistakes.mergeNewPlaces(of: testMistakes)
    diagnostics.mergeKnownPlaces(of: trainMistakes)
    return graphs
  }

  /// Returns the properties of the data that are known without reading examples, and the failures
  /// of both parts.
  private static func signature(
    of file: ModelFile, _ loop: ParallelLoop
  ) -> (signature: DataSignature?, failures: [DataFailure]) {
    let (parts, directory, seed) = (file.data, file.directory, file.seed)
    var signature: DataSignature?
    var failures: [DataFailure] = []
    do throws(DataFailure) {
      signature = try parts.train.signature(
        directory: directory, seed: seed, phase: .train, loop: loop)
    } catch {
      failures.append(error)
    }
    do throws(DataFailure) {
      try parts.checkTest(
        against: signature, directory: directory, seed: seed, loop: loop)
    } catch {
      // A file that both parts name fails only once.
      if !failures.map(\.message).contains(error.message) {
        failures.append(error.inPart(.test))
      }
    }
    return (signature, failures)
  }

  /// Returns the same network for another batch size.
  ///
  /// Only the first axis differs, so a network that was checked fits for every batch size.
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

  /// Checks that test data are scored, and that every expectation names a number that a run
  /// reports.
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

extension ModelFile {
  /// Returns the file with the sizes of layers that follow from the data.
  fileprivate func withLayers(sizedIn graphs: [Graph]) -> ModelFile {
    var file = self
    for node in graphs.flatMap(\.nodes) where node.layer is any CategoryReader {
      guard let place = file.network.firstIndex(where: { $0.name == node.name }) else { continue }
      file.network[place].layer = node.layer
    }
    return file
  }
}

extension DataParts {
  /// Returns the result of `body`. A failure of the data points to the fields of this section.
  package func locating<Value>(
    _ body: () throws(DataFailure) -> Value
  ) throws(RunFailure) -> Value {
    do throws(DataFailure) {
      return try body()
    } catch {
      throw RunFailure(error, in: self)
    }
  }
}

extension RunFailure {
  /// - Parameter parts: The data of the model file, whose fields the diagnostics point to.
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

  /// Returns the failure with this part, if the failure does not name a part itself.
  fileprivate func inPart(_ phase: DataPhase) -> DataFailure {
    guard case .content(let message) = self else { return self }
    return .field("source", message: message, of: phase)
  }

  /// Reports the failure, with a note at each bad cell of a table.
  fileprivate func report(in parts: DataParts, _ diagnostics: inout Diagnostics) {
    guard case .cells(let cells, let phase?) = self else {
      return diagnostics.report(diagnostic(in: parts))
    }
    diagnostics.merge(cells.diagnostics { parts.mark(of: $0, in: phase) })
  }

  /// Returns the failure at its field. Without a field it is at its part, or at the train part.
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
