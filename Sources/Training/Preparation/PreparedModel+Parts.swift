internal import DataFiles
package import DataSources
package import Files
internal import ModelFiles

extension PreparedModel {
  /// The warnings about the model that need no examples.
  package var warnings: [Warning] { SurplusScores.warnings(self, signature) }

  /// Reads and checks all data, as a training would.
  ///
  /// - Parameters:
  ///   - limit: The memory limit of a training in bytes. Nil stands for the free memory.
  ///   - loaders: The number of loader threads. Nil stands for the default.
  /// - Returns: Warnings about the data, and the examples of both parts.
  /// - Throws: ``RunFailure``.
  package func checkData(
    limit: Int?, loaders: Int? = nil
  ) throws(RunFailure) -> (warnings: [Warning], train: Dataset, test: Dataset?) {
    let parts = try readParts(limit: limit ?? Machine.availableMemory, loaders: loaders)
    let warnings = DataWarnings.warnings(
      self, train: parts.train, test: parts.test, ignored: ignoredLabels)
    return (warnings, parts.train, parts.test)
  }
}

extension PreparedModel {
  /// Reads the examples of both parts, and checks them and the memory of a training.
  ///
  /// - Parameters:
  ///   - limit: The memory limit in bytes.
  ///   - loaders: The number of loader threads. Nil stands for the default.
  ///   - readsCheckpoint: Whether the training resumes from a checkpoint.
  /// - Throws: ``RunFailure``.
  package func readParts(
    limit: Int, loaders: Int? = nil, readsCheckpoint: Bool = false
  ) throws(RunFailure) -> (train: Dataset, test: Dataset?, standardization: Standardization?) {
    let parts = try file.data.locating { () throws(DataFailure) in
      try loadParts(
        train: file.data.train, test: file.data.test, directory: file.directory, seed: file.seed,
        ignoring: ignoredLabels, loop: tableLoop)
    }
    try checkLabels(of: parts.train)
    if let test = parts.test { try checkLabels(of: test, .test) }
    try checkBatches(train: parts.train.count, test: parts.test?.count)
    try memoryEstimate(
      examples(train: parts.train, test: parts.test, loaders: loaders),
      readsCheckpoint: readsCheckpoint
    ).check(limit)
    return parts
  }
}
