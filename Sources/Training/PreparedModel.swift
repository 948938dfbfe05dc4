package import DataSources
internal import Layers
package import Models
package import YAML

/// A model file that was read and checked as far as can be without reading examples.
package struct PreparedModel: Sendable {
  package let file: ModelFile
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

  /// Checks a document that was read from `path`.
  package init(_ document: Node, path: String, overrides: [Override] = []) throws(RunFailure) {
    let file: ModelFile
    do throws(Diagnostics) {
      file = try ModelFile.read(document, path: path, overrides: overrides)
    } catch {
      throw .refused(error)
    }
    let signature = try PreparedModel.signature(of: file.data, file)
    var diagnostics = Diagnostics()
    let batch = file.data.train.batchSize
    let training = Graph(
      file, phase: .train, signature: signature, batchSize: batch, &diagnostics)
    var testDiagnostics = Diagnostics()
    let testing = Graph(
      file, phase: .test, signature: signature, batchSize: file.data.test?.batchSize ?? batch,
      sharing: training?.parameters, &testDiagnostics)
    // Both phases report what is wrong in both.
    diagnostics.mergeNewPlaces(of: testDiagnostics)
    PreparedModel.checkScores(file, &diagnostics)
    PreparedModel.checkMeasured(file, &diagnostics)
    PreparedModel.checkLengths(file, signature, &diagnostics)
    guard let training, let testing, !diagnostics.hasErrors else { throw .refused(diagnostics) }
    self.file = file
    self.signature = signature
    self.training = training
    self.testing = testing
  }

  /// What is known of the data without reading examples.
  ///
  /// - Throws: ``RunFailure`` at the part's place in the file, if the data are not what it says.
  private static func signature(
    of parts: DataParts, _ file: ModelFile
  ) throws(RunFailure) -> DataSignature {
    do throws(DataFailure) {
      return try parts.signature(directory: file.directory, seed: file.seed)
    } catch {
      guard case .content(let message) = error else { throw RunFailure(error) }
      var train = parts
      train.test = nil
      let isTrain = (try? train.signature(directory: file.directory, seed: file.seed)) == nil
      let part = isTrain ? parts.train : parts.test ?? parts.train
      throw .refused(Diagnostics(Diagnostic(message, at: part.mark)))
    }
  }

  /// The same network for another number of examples. It differs in the first axis alone, so it
  /// fits as well.
  package func graph(_ phase: DataPhase, batchSize: Int) throws(RunFailure) -> Graph {
    let known = phase == .train ? training : testing
    if known.batchSize == batchSize { return known }
    var diagnostics = Diagnostics()
    let graph = Graph(
      file, phase: phase, signature: signature, batchSize: batchSize,
      sharing: phase == .test ? training.parameters : nil, &diagnostics)
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
    let parts = file.data.test == nil ? ["train"] : ["train", "test", "best_test"]
    let known = ["loss"] + parts.flatMap { part in scores.map { "\(part)_\($0)" } }
    for expectation in file.expectations where !known.contains(expectation.metric) {
      diagnostics.error(
        "expect: no run of this model reports '\(expectation.metric.quotable)' "
          + "(known: \(known.map(\.quotable).joined(separator: ", ")))",
        at: expectation.mark, suggestion: known.nearest(to: expectation.metric))
    }
  }
}

extension RunFailure {
  package init(_ failure: DataFailure) {
    switch failure {
    case .content(let message): self = .refusedInput(message)
    case .io(let message): self = .environment(message)
    }
  }
}
