internal import DataFiles
internal import DataSources
package import Files
internal import Kernels
internal import ModelFiles
internal import Networks
package import Runs
internal import Tensors
internal import Training
internal import YAML

extension Report {
  /// Makes the report of a finished run, successful or not.
  package init(_ run: TrainingRun, _ summary: RunSummary) {
    let (history, file) = (run.trainer.history, run.model.file)
    let scale = run.trainer.trainingSource.epochOrder
    var content = ReportContent(
      title: file.name,
      subtitle: "\(run.train.count) examples, \(summary.iterations) iterations, seed \(file.seed)",
      loss: ReportContent.Series(
        name: "loss", iterations: history.iterations, values: history.losses),
      learningRate: ReportContent.Series(
        name: "learning rate", iterations: history.iterations, values: history.learningRates))
    content.tests = history.testNames.indices.map {
      let (iterations, values) = history.test($0)
      return ReportContent.Series(
        name: history.testNames[$0], iterations: iterations, values: values)
    }
    content.iterationsPerEpoch =
      Double(scale.batchCount) / Double(file.solver.iterationSize)
    content.layers = ModelTable(run.model.training).rows.map {
      ReportContent.LayerRow(
        name: $0.name, type: $0.type, outputShape: $0.outputShape, parameters: $0.parameters,
        flops: Int(exactly: $0.flops) ?? Int.max)
    }
    content.tables = summary.tables.map {
      ReportContent.Table(title: $0.name, cells: $0.cells)
    }
    content.modelText = run.resolvedText
    content.expectations = file.expectations.map { expectation in
      let value = summary.value(of: expectation.metric)
      return ReportContent.Expectation(
        text: "\(expectation.metric) \(expectation.description)",
        received: value?.singlePrecision,
        isMet: value.map { expectation.holds(for: $0) } ?? false)
    }
    content.summary = summary.metrics.map { ($0.name, $0.value.singlePrecision) }
    if let (ranking, iteration) = summary.best {
      content.summary.append(("best test", "\(ranking.description), iteration \(iteration)"))
    }
    if let name = summary.prediction { content.summary.append(("prediction", name)) }
    if case .diverged(let message) = summary.outcome {
      content.failure = "diverged: \(message)"
      content.divergence = summary.iterations
    }
    content.warnings = run.warnings.map {
      ReportContent.Advice(
        place: $0.diagnostic.mark.description, message: $0.diagnostic.message)
    }
    if summary.hasWeights { content.boundary = DecisionBoundary.boundary(of: run) }
    self.init(content)
  }

  /// Writes the page and its figures into the run's folder.
  ///
  /// - Throws: `RunFailure.environment`. Each file is complete or absent.
  package func write(to directory: RunDirectory) throws(RunFailure) {
    try OutputFile.write(html, to: directory.file("report.html"))
    for (name, text) in svgFiles { try OutputFile.write(text, to: directory.file(name)) }
  }
}

/// The class that a trained network predicts for every place in the plane of its two inputs.
private enum DecisionBoundary {
  /// The number of cells along each side.
  private static let cells = 120

  /// Returns the boundary. Nil unless the network classifies by two inputs.
  static func boundary(of run: TrainingRun) -> ReportContent.Boundary? {
    let dataset = run.train
    // The plane has the values before the transforms that run when a batch is loaded.
    guard dataset.transforms == nil else { return nil }
    guard dataset.inputs.count == 1, dataset.inputs[0].width == 2, dataset.count > 0,
      let target = dataset.targets.first, target.top.hasClasses, target.width == 1,
      let values = try? dataset.inputs[0].storage.floats(),
      let classNumbers = try? target.storage.floats()
    else { return nil }
    let inputs = FloatView(values)
    let ranges = (0..<2).map { axis in
      range((0..<dataset.count).map { Double(inputs[2 * $0 + axis]) })
    }
    guard let grid = grid(ranges), let answers = try? run.predict(grid),
      answers.isClassification
    else { return nil }
    let classes = (0..<answers.count).compactMap { example in
      answers.bestClass(example).map { UInt8(min($0, 255)) }
    }
    // A NaN score has no class to draw.
    guard classes.count == answers.count else { return nil }
    let labels = FloatView(classNumbers)
    let top = dataset.inputs[0].top
    return ReportContent.Boundary(
      columns: cells, rows: cells, xRange: run.shown(ranges[0], axis: 0),
      yRange: run.shown(ranges[1], axis: 1), classOfCell: classes,
      points: (0..<dataset.count).map {
        (
          Float(run.shown(Double(inputs[2 * $0]), axis: 0)),
          Float(run.shown(Double(inputs[2 * $0 + 1]), axis: 1)), Int(labels[$0])
        )
      },
      classNames: target.classes ?? [], xName: top.valueName(0), yName: top.valueName(1))
  }

  /// Returns the range of the values, extended by a tenth on both sides.
  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    let margin = greatest > least ? (greatest - least) / 10 : 1
    return least - margin...greatest + margin
  }

  /// Returns the centres of the cells, row by row from the lowest.
  private static func grid(_ ranges: [ClosedRange<Double>]) -> Dataset? {
    guard let inputs = FloatStorage(count: cells * cells * 2) else { return nil }
    func middle(_ axis: Int, _ cell: Int) -> Float {
      let range = ranges[axis]
      let part = (Double(cell) + 0.5) / Double(cells)
      return Float(range.lowerBound + (range.upperBound - range.lowerBound) * part)
    }
    for row in 0..<cells {
      for column in 0..<cells {
        inputs[(row * cells + column) * 2] = middle(0, column)
        inputs[(row * cells + column) * 2 + 1] = middle(1, row)
      }
    }
    let top = DataTop(DataTop.data, shape: Shape([2]))
    return Dataset(count: cells * cells, [ExampleTensor(top, .floats(inputs))])
  }
}

extension TrainingRun {
  /// Returns the value of an input before scaling and standardization.
  fileprivate func shown(_ value: Double, axis: Int) -> Double {
    var value = value
    if let standardization {
      value = value * standardization.deviation[axis] + standardization.mean[axis]
    }
    let transforms = PartTransforms(
      model.file.data.train, of: train, seed: model.file.seed, ignoring: model.ignoredLabels)
    guard let scaling = transforms.scaling else { return value }
    return scaling.original(value, input: axis, of: 2)
  }

  fileprivate func shown(_ range: ClosedRange<Double>, axis: Int) -> ClosedRange<Double> {
    shown(range.lowerBound, axis: axis)...shown(range.upperBound, axis: axis)
  }

  fileprivate func predict(_ dataset: Dataset) throws(RunFailure) -> Predictions {
    try model.predict(
      dataset, store: trainer.store, cache: trainer.cache, workers: trainer.workers)
  }
}
