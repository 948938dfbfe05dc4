package import Files
package import Runs
package import Training
internal import YAML

/// Trains models again and compares the results with their records.
package struct Verifier: Sendable {
  /// The options of each training. The memory limit applies to each training separately.
  package var run = RunOptions()
  /// The number of models that are trained at the same time.
  package var jobs = 1
  /// Whether to replace records that differ.
  package var rewrites = false

  package init() {}

  /// Verifies the models that files and folders name.
  ///
  /// - Parameter report: receives each result as soon as it is available, on the thread that
  ///   trained the model.
  /// - Returns: the results in the order of the paths.
  package func verify(
    _ paths: [String], report: @escaping @Sendable (Verification) -> Void = { _ in }
  ) -> [Verification] {
    let items = ModelPaths.items(of: paths)
    var verifier = self
    if run.threads == nil { verifier.run.threads = max(1, run.threadCount / max(jobs, 1)) }
    return Jobs.map(items.count, jobs: jobs) { [verifier] index in
      let item = items[index]
      let start = MonotonicClock.seconds
      var verification =
        item.failure.map { Verification(item.path, .failed($0)) }
        ?? verifier.verify(path: item.path)
      verification.seconds = MonotonicClock.seconds - start
      report(verification)
      return verification
    }
  }

  private func verify(path: String) -> Verification {
    do throws(RunFailure) {
      let model: ModelDocument
      switch try ModelDocument.read(path, overrides: run.overrides) {
      case .skipped(let reason):
        return Verification(path, .skipped(reason))
      case .model(let document): model = document
      }
      // Mistakes of the file come before a missing record.
      if !model.isSound { _ = try model.prepared() }
      let record = try Verifier.record(ofModel: path)
      if rewrites { try Verifier.checkIsReplaceable(Record.path(ofModel: path)) }
      return try verify(try model.prepared(), path: path, against: record)
    } catch {
      return Verification(path, .failed(error))
    }
  }

  /// Reads the record of a model.
  ///
  /// - Throws: ``RunFailure/unmet(_:)`` when it does not exist, because a model without a record
  ///   must not pass.
  private static func record(ofModel path: String) throws(RunFailure) -> Record {
    let file = Record.path(ofModel: path)
    guard InputFile.exists(file) else {
      throw .unmet(
        "'\(path.quotable)' has no record '\(file.quotable)': 'dlrun record' makes one")
    }
    return try Record(path: file)
  }

  /// Refuses to replace a link, before any training.
  private static func checkIsReplaceable(_ record: String) throws(RunFailure) {
    guard FileKind(at: record) == .link else { return }
    throw .refusedInput(
      "'\(record.quotable)' is a link, which --update neither replaces nor follows")
  }

  /// Trains a model and compares the results.
  ///
  /// - Parameter path: the path of the model file, beside its record.
  /// - Throws: ``RunFailure`` when the model cannot be trained, or the record cannot be written.
  package func verify(
    _ model: PreparedModel, path: String, against record: Record
  ) throws(RunFailure) -> Verification {
    let training = try RecordedTraining(model, options: run)
    let now: Record
    let unmet: Diagnostics
    do throws(RunFailure) {
      (now, unmet) = try training.run(tolerance: record.tolerance)
    } catch {
      guard case .diverged(let message) = error else { throw error }
      return Verification(path, .different([Difference(.divergence, "diverged: \(message)")]))
    }
    let comparison = RecordComparison(record, now)
    let expectations = unmet.all.map { Difference(.expectation, $0.rendered) }
    // A record of another arithmetic is renewed even if it holds: from then on, bits are compared.
    if rewrites, expectations.isEmpty,
      !comparison.differences.isEmpty || comparison.standard == .tolerance
    {
      try OutputFile.write(now.text, to: Record.path(ofModel: path))
      return Verification(path, .rewritten, iterations: now.iterations)
    }
    let differences = comparison.differences + expectations
    return Verification(
      path, differences.isEmpty ? .same : .different(differences), comparison.standard,
      iterations: now.iterations)
  }
}
