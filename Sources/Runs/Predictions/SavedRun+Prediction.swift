internal import DataFiles
internal import DataSources
package import Files
internal import ModelFiles
internal import Networks
internal import Tensors
internal import Training
internal import YAML

extension SavedRun {
  /// Predicts the examples of the inputs, and writes the predictions piece by piece.
  ///
  /// The memory depends on the model and on the batch size, but not on the number of examples.
  ///
  /// - Parameters:
  ///   - words: The words of `--input`: a path, or `name=path` for each of several inputs. `-` is a
  ///     table or an array from the standard input.
  ///   - output: The place of the predictions. A file is complete or unchanged.
  /// - Returns: Warnings about the predictions.
  /// - Throws: ``RunFailure``.
  package func predict(
    _ words: [String], _ format: PredictionFormat, to output: NamedOutput
  ) throws(RunFailure) -> [String] {
    try model.checkPrediction()
    let source = model.file.data.train.source
    let tops = model.signature.inputs
    let inputs = try PredictionInputs(words, tops: tops)
    let pieces: any ExamplePieces
    let count: Int?
    var valueNames: [String] = []
    do throws(DataFailure) {
      pieces = try inputs.open(tops: tops, like: source) { () throws(DataFailure) in
        let shape = model.file.data.train.exampleShape
        let columns = try source.tableColumns(
          shape?.count ?? model.signature.inputCount,
          DataContext(directory: model.file.directory, seed: model.file.seed, phase: .train))
        valueNames = columns.flatMap(\.names)
        return columns
      }
      count = format == .npy ? try pieces.count() : nil
    } catch {
      throw failure(error)
    }
    guard format != .npy || count != nil else {
      throw .refusedInput(
        "--format: npy states the number of rows before the first, which a table from standard "
          + "input does not tell: name a file, or write csv or jsonl")
    }
    if valueNames.isEmpty { valueNames = model.signature.inputNames }
    var writing = Writing(self, pieces, format, count: count, valueNames: valueNames)
    try output.write { (write) throws(RunFailure) in try writing.run(write) }
    return [writing.writer?.warning].compactMap(\.self)
  }

  /// The state of a prediction that is being written.
  private struct Writing {
    private let run: SavedRun
    private let pieces: any ExamplePieces
    private let format: PredictionFormat
    private let count: Int?
    /// The names of the inputs' values.
    private let valueNames: [String]
    /// The labels of examples whose predictions are not ready.
    private var labels: [[String]] = []
    /// Nil before the first predictions.
    private(set) var writer: PredictionWriter?

    init(
      _ run: SavedRun, _ pieces: any ExamplePieces, _ format: PredictionFormat, count: Int?,
      valueNames: [String]
    ) {
      self.run = run
      self.pieces = pieces
      self.format = format
      self.count = count
      self.valueNames = valueNames
    }

    /// Reads, predicts and writes all pieces.
    mutating func run(
      _ write: ([UInt8]) throws(RunFailure) -> Void
    ) throws(RunFailure) {
      let predictor = run.predictor()
      while let piece = try nextPiece() {
        labels += piece.labels
        try predictor.add(piece.dataset) { (predictions) throws(RunFailure) in
          try add(predictions, write)
        }
      }
      try predictor.finish { (predictions) throws(RunFailure) in try add(predictions, write) }
    }

    private func nextPiece() throws(RunFailure) -> ExamplePiece? {
      do throws(DataFailure) {
        guard let piece = try pieces.next() else { return nil }
        return ExamplePiece(dataset: try run.transformed(piece.dataset), labels: piece.labels)
      } catch {
        throw run.failure(error)
      }
    }

    private mutating func add(
      _ predictions: Predictions, _ write: ([UInt8]) throws(RunFailure) -> Void
    ) throws(RunFailure) {
      let predictions = predictions.inUnit(ofTargetsOf: run.model, run.statistics.targets)
      var writer = writer ?? run.writer(predictions, pieces, format, valueNames)
      if self.writer == nil {
        try write(writer.start(axes: [count ?? 0] + run.arrayAxes(of: predictions)))
      }
      let own = Array(labels.prefix(predictions.count))
      labels.removeFirst(own.count)
      try write(writer.bytes(predictions, labels: own))
      self.writer = writer
    }
  }

  /// The axes of an example in a NumPy array: those of the blob, or the two probabilities of a
  /// single score.
  private func arrayAxes(of predictions: Predictions) -> [Int] {
    guard let prediction = model.testing.prediction, predictions.form != .binaryScore else {
      return [predictions.classCount]
    }
    return model.testing.blobs[prediction].shape.example.axes
  }

  /// Returns the failure of an input, which the model file does not name.
  private func failure(_ error: DataFailure) -> RunFailure {
    guard case .io(let message, nil, _) = error else {
      return RunFailure(error, in: model.file.data)
    }
    return .environment(message)
  }

  private func predictor() -> BatchedPredictor {
    BatchedPredictor(model, store: store, workers: workers, loaders: loaders) {
      (dataset) throws(RunFailure) in
      try model.runningEstimate(dataset).check(limit)
    } failure: { error in
      failure(error)
    }
  }

  /// Returns examples in the declared shape, with the transforms of a test.
  private func transformed(_ dataset: Dataset) throws(DataFailure) -> Dataset {
    var dataset = dataset
    let part = model.file.data.train
    if let shape = part.exampleShape, dataset.inputs.count == 1,
      shape.count == dataset.inputs[0].width
    {
      dataset = dataset.reshaped(to: shape)
    }
    let transforms = PartTransforms(
      part, of: dataset, seed: model.file.seed, ignoring: model.ignoredLabels)
    let result = try transforms.apply(to: dataset, statistics.inputs)
    let (expected, received) = (model.signature.inputs, result.signature.inputs)
    guard expected.map(\.width) == received.map(\.width) else {
      throw .content(
        "the network reads \(expected.map(\.text).joined(separator: ", ")), received "
          + received.map(\.text).joined(separator: ", "))
    }
    return result
  }

  private func writer(
    _ predictions: Predictions, _ pieces: any ExamplePieces, _ format: PredictionFormat,
    _ valueNames: [String]
  ) -> PredictionWriter {
    let source = model.file.data.train.source
    let compared = model.testing.targetOfPrediction(model.training)
    let targets =
      compared.map { model.testing.isTarget($0) ? source.targetNames : valueNames } ?? []
    let columns = PredictionColumns(
      of: predictions, blob: model.predictionName ?? "",
      classes: model.signature.classes?.names ?? model.signature.labelNames,
      positions: model.classPositions,
      targets: targets)
    return PredictionWriter(columns, format, labelNames: pieces.labelNames)
  }
}
