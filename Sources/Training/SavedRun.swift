package import DataSources
internal import Kernels
package import Models
internal import Plans
internal import Tensors
internal import YAML

/// A run that was finished: its model and trained parameters, read back.
package struct SavedRun {
  package let model: PreparedModel
  package let store: ParameterStore
  package let standardization: Standardization?
  /// The data that the run was trained with, whatever is overridden now.
  private let trainedWith: ModelFile?
  private let workers: Workers
  /// The most memory that may be taken, in bytes.
  private let limit: Int

  /// - Parameter path: the run's folder.
  /// - Throws: ``RunFailure`` if a file is missing, damaged, or does not fit the model.
  package init(path: String, options: RunOptions) throws(RunFailure) {
    let directory = RunDirectory(existing: path)
    let path = directory.file(RunDirectory.model)
    let document = try Document.read(path)
    model = try PreparedModel(document, path: path, overrides: options.overrides)
    trainedWith =
      options.overrides.isEmpty ? nil : ModelFile.draft(document, path: path).file
    limit = options.memoryLimit ?? Machine.availableMemory
    let estimate = model.runningEstimate(nil)
    try estimate.check(limit)
    let name = directory.file("weights.safetensors")
    do throws(KernelError) {
      store = try ParameterStore(model.training.parameters, forTraining: false)
    } catch {
      throw .environment(error.message)
    }
    standardization = try WeightsFile.load(
      name, bytes: estimate.weights, into: store, inputCount: model.signature.inputShape.count)
    if model.file.data.train.standardize ?? false, standardization == nil {
      throw .refusedInput("\(name.quotable): the statistics of the inputs are missing")
    }
    workers = Workers(count: options.threadCount)
  }

  /// The scores over the test part, or over the train part where there is no other.
  package func test() throws(RunFailure) -> (
    metrics: [RunSummary.Metric], tables: [RunSummary.Table], warnings: [Warning]
  ) {
    let file = model.file
    let (train, test) = (file.data.train, file.data.test)
    var dataset: Dataset
    var warnings: [Warning] = []
    do throws(DataFailure) {
      let parts = try SavedRun.load(file, ignoring: model.ignoredLabels)
      dataset = parts.test ?? parts.train
      if let test = parts.test {
        warnings = testedTraining(test, else: parts.train).map { [$0] } ?? []
      }
      if let standardization { dataset = try standardization.apply(to: dataset) }
    } catch {
      throw RunFailure(error, in: model.file.data)
    }
    try model.checkLabels(of: dataset)
    try model.runningEstimate(dataset, dataMark: (test ?? train).mark).check(limit)
    let evaluator = try Evaluator(
      model, dataset, batchSize: (test ?? train).batchSize, purpose: .testing, store: store,
      cache: ImplementationCache(), workers: workers)
    let board = evaluator.scores()
    let phase = test == nil ? "train" : "test"
    let metrics = zip(board.names, board.values).map {
      RunSummary.Metric(name: "\(phase)_\($0)", value: $1)
    }
    return (metrics, RunSummary.Table.tables(of: board, part: phase, model), warnings)
  }

  /// The examples of both parts, scaled. They are standardized by the statistics that the run was trained with, whatever
  /// the data are now.
  private static func load(
    _ file: ModelFile, ignoring labels: Set<Int>
  ) throws(DataFailure) -> (train: Dataset, test: Dataset?) {
    var (train, test) = (file.data.train, file.data.test)
    train.standardize = false
    test?.standardize = false
    let parts = try loadParts(
      train: train, test: test, directory: file.directory, seed: file.seed, ignoring: labels)
    return (parts.train, parts.test)
  }

  /// Reports test examples that the run was trained with.
  ///
  /// - Parameter present: the training part as the options have it now, which is that of the run where there are none.
  private func testedTraining(_ test: Dataset, else present: Dataset) -> Warning? {
    guard let trainedWith else {
      return TestedTraining.warning(model.file.data, train: present, test: test)
    }
    // Where the data of the run are gone, nothing is known of them.
    var before = trainedWith
    before.data.test = nil
    guard let train = try? SavedRun.load(before, ignoring: model.ignoredLabels).train else {
      return nil
    }
    var parts = model.file.data
    parts.train = trainedWith.data.train
    return TestedTraining.warning(parts, train: train, test: test)
  }

  /// Predicts the rows of a table.
  ///
  /// - Returns: a table: the class and the probability of each class, or the predicted values.
  package func predict(table path: String) throws(RunFailure) -> String {
    let source = model.file.data.train.source
    var dataset: Dataset
    do throws(DataFailure) {
      let context = DataContext(
        directory: model.file.directory, seed: model.file.seed, phase: .train)
      let inputs = try source.tableColumns(model.signature.inputShape.count, context)
      dataset = try Dataset.unlabelled(from: try CSVTable.read(path: path), inputs: inputs)
      try model.file.data.train.inputScaling?.apply(to: dataset)
      if let standardization { dataset = try standardization.apply(to: dataset) }
    } catch {
      throw RunFailure(error, in: model.file.data)
    }
    try model.runningEstimate(dataset).check(limit)
    let predictions = try model.predict(
      dataset, store: store, cache: ImplementationCache(), workers: workers)
    return model.isClassification
      ? classTable(predictions) : valueTable(predictions, names: source.targetNames)
  }

  private func classTable(_ predictions: Predictions) -> String {
    let stated = model.signature.classes?.names ?? []
    let names = (0..<predictions.width).map { $0 < stated.count ? stated[$0] : String($0) }
    var text = CSVText.line(["class"] + names.map { "probability_\($0)" })
    for example in 0..<predictions.count {
      let probabilities = predictions.probabilities(example).map(\.description)
      text += CSVText.line([names[predictions.bestClass(example)]] + probabilities)
    }
    return text
  }

  private func valueTable(_ predictions: Predictions, names: [String]) -> String {
    let columns = (0..<predictions.width).map { $0 < names.count ? names[$0] : "value\($0 + 1)" }
    var text = CSVText.line(columns)
    for example in 0..<predictions.count {
      let start = example * predictions.width
      text += CSVText.line(
        predictions.values[start..<start + predictions.width].map(\.description))
    }
    return text
  }
}

/// Lines of comma-separated text (RFC 4180).
enum CSVText {
  static func line(_ cells: [String]) -> String {
    cells.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",\"\n\r".contains($0) }) else { return cell }
    let parts = cell.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"" + parts.joined(separator: "\"\"") + "\""
  }
}
