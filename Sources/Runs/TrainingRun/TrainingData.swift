package import DataSources
package import Files
package import Training

/// The examples of a run, read and checked.
package struct TrainingData {
  package let train: Dataset
  package let test: Dataset?
  /// The statistics that standardized the inputs. Nil when the model does not ask for that.
  package let standardization: Standardization?

  /// Reads the examples of a model whose own memory fits.
  ///
  /// - Parameter readsCheckpoint: Whether the run resumes, so that it also reads a checkpoint.
  /// - Throws: ``RunFailure`` if the data have mistakes, or do not fit in the memory.
  package init(
    of model: PreparedModel, within memory: MemoryBudget, readsCheckpoint: Bool = false
  ) throws(RunFailure) {
    (train, test, standardization) = try model.readParts(
      limit: memory.limit, loaders: memory.loaders, readsCheckpoint: readsCheckpoint)
  }
}
