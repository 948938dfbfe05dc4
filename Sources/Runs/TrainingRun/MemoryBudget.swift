package import Files
internal import Networks
package import Training

/// Compares the memory that a run needs with its limit, before the run allocates it.
package struct MemoryBudget {
  /// The limit, in bytes.
  let limit: Int
  private let model: PreparedModel
  /// The number of loader threads. Nil stands for the default.
  let loaders: Int?

  /// Checks the memory of the model and its training, before the data are read.
  ///
  /// - Parameters:
  ///   - limit: The limit in bytes. Nil stands for the free memory of the machine.
  ///   - loaders: The number of loader threads. Nil stands for the default.
  /// - Throws: ``RunFailure/refused(_:)`` with the required memory.
  package init(of model: PreparedModel, limit: Int?, loaders: Int?) throws(RunFailure) {
    (self.model, self.limit) = (model, limit ?? Machine.availableMemory)
    self.loaders = loaders
    try model.checkMemory(limit: self.limit, loaders: loaders)
  }

  /// Checks the memory for reading a weights file beside the data.
  ///
  /// - Returns: The bytes that the file may have.
  /// - Throws: ``RunFailure/refused(_:)`` with the required memory.
  func bytesOfWeightsFile(beside data: TrainingData) throws(RunFailure) -> Int {
    let examples = model.examples(train: data.train, test: data.test, loaders: loaders)
    let estimate = model.memoryEstimate(examples, readsWeights: true)
    try estimate.check(limit)
    // The memory reserved for copies while reading is still free.
    return Int(Double(limit) - estimate.total + estimate.readCopies)
  }

  /// Checks the memory of a checkpoint that the estimate of the training does not include.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` with the required memory.
  func checkCheckpoint(beside data: TrainingData) throws(RunFailure) {
    let examples = model.examples(train: data.train, test: data.test, loaders: loaders)
    let needed = model.memoryEstimate(examples, readsCheckpoint: true).total
    guard needed > Double(limit) else { return }
    let unit = MemoryUnit.of(needed)
    throw .environment(
      "with it the model needs \(unit.text(needed)) \(unit.name), limit "
        + "\(unit.text(Double(limit))) \(unit.name)")
  }
}
