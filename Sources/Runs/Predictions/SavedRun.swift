internal import DataFiles
package import DataSources
package import Files
internal import Kernels
internal import ModelFiles
package import Networks
internal import Plans
internal import Tensors
internal import Threads
package import Training
internal import YAML

/// A finished run: its model and trained parameters, read from its folder.
package struct SavedRun {
  package let model: PreparedModel
  package let store: ParameterStore
  /// The statistics of the training that standardize inputs and targets.
  package let statistics: DataStatistics
  /// The kind of weights that were read.
  package let weights: SavedWeights
  /// The path of the weights file.
  package let weightsPath: String
  /// The reason why the run diverged. Nil when it did not.
  private let divergence: String?
  /// The data with which the run was trained, without overrides. Nil when there are no overrides.
  private let trainedWith: ModelFile?
  let workers: Workers
  /// The number of threads that decode images ahead.
  let loaders: Int
  /// The memory limit, in bytes.
  let limit: Int

  /// - Parameter path: The run's folder, or the folder of a name, which stands for its latest run.
  /// - Throws: ``RunFailure`` if a file is missing, damaged, or does not fit the model.
  package init(path: String, options: RunOptions) throws(RunFailure) {
    let directory = RunDirectory(existing: RunDirectory.run(named: path))
    let output = options.blob.map { name in
      let source = SourceText(name: "--blob", text: name)
      return StatedOutput(name: name, mark: Mark(source: source, line: 1, column: 1))
    }
    let path = directory.file(RunDirectory.model)
    let document = try Document.read(path)
    model = try PreparedModel(
      document, path: path, overrides: options.overrides, output: output,
      threads: options.threadCount)
    trainedWith =
      options.overrides.isEmpty ? nil : ModelFile.draft(document, path: path).file
    weights = try SavedWeights.chosen(options.savedWeights, in: directory)
    weightsPath = directory.file(weights.fileName)
    divergence = RunRecord(of: directory)?.divergence
    limit = options.memoryLimit ?? Machine.availableMemory
    let estimate = model.runningEstimate(nil)
    try estimate.check(limit)
    do throws(KernelError) {
      store = try ParameterStore(model.training.parameters, forTraining: false)
    } catch {
      throw .environment(error.message)
    }
    statistics = try WeightsFile.load(
      weightsPath, bytes: estimate.weights, into: store, for: model.signature)
    let data = model.file.data.train
    for (isNeeded, found, name) in [
      (data.standardizes, statistics.inputs, "inputs"),
      (data.standardizeTarget ?? false, statistics.targets, "targets"),
    ] where isNeeded && found == nil {
      throw .refusedInput("\(weightsPath.quotable): the statistics of the \(name) are missing")
    }
    workers = Workers(count: options.threadCount)
    loaders = options.loaders ?? Trainer.loaderCount(threads: workers.count)
  }

  /// The notes for the user: which weights these are, and whether the run diverged.
  package var notes: [String] {
    let warning = divergence.map { ["warning: the run diverged: \($0.quotable)"] } ?? []
    return warning + ["weights: \(weightsPath.quotable) (\(weights.rawValue))"]
  }

  /// Computes the scores over the test part, or over the train part if there is no test part.
  package func test() throws(RunFailure) -> (
    metrics: [NamedScore], tables: [RunSummary.Table], warnings: [Warning]
  ) {
    let file = model.file
    let (train, test) = (file.data.train, file.data.test)
    let dataset: Dataset
    var warnings: [Warning] = []
    do throws(DataFailure) {
      let parts = try load(file)
      dataset = parts.test ?? parts.train
      if let test = parts.test {
        warnings = testedTraining(test, else: parts.train).map { [$0] } ?? []
      }
    } catch {
      throw RunFailure(testing: error, in: model.file.data)
    }
    try model.checkLabels(of: dataset)
    try model.runningEstimate(dataset, dataMark: (test ?? train).mark).check(limit)
    let evaluator = try Evaluator(
      model, dataset, batchSize: (test ?? train).batchSize, purpose: .testing, store: store,
      cache: ImplementationCache(), workers: workers)
    let board = try file.data.locating { () throws(DataFailure) in try evaluator.scores() }
    let phase = test == nil ? "train" : "test"
    let metrics = zip(board.names, board.values).map {
      NamedScore(name: "\(phase)_\($0)", value: $1)
    }
    let names =
      (dataset.signature.classes ?? model.signature.classes)?.names ?? dataset.signature.labelNames
    return (metrics, RunSummary.Table.tables(of: board, part: phase, classNames: names), warnings)
  }

  /// Loads the examples of both parts.
  ///
  /// The statistics of the original training standardize them, even if the data differ now.
  private func load(_ file: ModelFile) throws(DataFailure) -> (train: Dataset, test: Dataset?) {
    let parts = try loadParts(
      train: file.data.train, test: file.data.test, directory: file.directory, seed: file.seed,
      ignoring: model.ignoredLabels, standardizing: .known(statistics),
      loop: model.tableLoop)
    return (parts.train, parts.test)
  }

  /// Warns of test examples with which the run was trained.
  ///
  /// - Parameter present: The train part with the current overrides. Without overrides, it is the
  ///   train part of the run.
  private func testedTraining(_ test: Dataset, else present: Dataset) -> Warning? {
    guard let trainedWith else {
      return TestedTraining.warning(model.file.data, train: present, test: test)
    }
    // If the run's data no longer exist, the check is skipped.
    var before = trainedWith
    before.data.test = nil
    guard let train = try? load(before).train else {
      return nil
    }
    var parts = model.file.data
    parts.train = trainedWith.data.train
    return TestedTraining.warning(parts, train: train, test: test)
  }
}

extension RunFailure {
  /// Makes a failure of a test. If targets are missing, it adds that `dlrun predict` needs none.
  fileprivate init(testing failure: DataFailure, in parts: DataParts) {
    guard case .field("target", let message, let phase) = failure else {
      self.init(failure, in: parts)
      return
    }
    self.init(
      .field(
        "target",
        message: message + "; a test needs the targets of its rows, dlrun predict does not",
        of: phase), in: parts)
  }
}
