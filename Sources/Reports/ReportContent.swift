internal import ModelFiles

/// The values of one run that a report shows, without their presentation.
///
/// Names and texts may come from a model file or a data file. The report escapes them all.
package struct ReportContent: Sendable {
  package var title: String
  package var subtitle: String
  /// The training loss of each iteration.
  package var loss: Series
  package var learningRate: Series
  /// The results of the test phase, one series for each metric.
  ///
  /// The series whose name is `test_` and the loss's name belongs to the chart of the loss. Every
  /// other metric has its own chart.
  package var tests: [Series]
  /// The number of iterations of an epoch. Nil when it is unknown.
  package var iterationsPerEpoch: Double?
  package var layers: [LayerRow]
  /// The tables of metrics, beside their numbers.
  package var tables: [Table]
  /// The predicted classes over the plane, for a model with two inputs.
  package var boundary: Boundary?
  /// The resolved model file.
  package var modelText: String
  /// The line below the title: final loss, test metrics, examples, seed.
  package var summary: [(label: String, value: String)]
  /// The reason why the run ended early. Nil when it did not.
  package var failure: String?
  /// The iteration at which the run diverged. Nil when it did not.
  package var divergence: Int?
  /// The expectations of the model file.
  package var expectations: [Expectation]
  /// The warnings of the run.
  package var warnings: [Advice]

  package init(
    title: String,
    subtitle: String = "",
    loss: Series,
    learningRate: Series,
    tests: [Series] = [],
    iterationsPerEpoch: Double? = nil,
    layers: [LayerRow] = [],
    tables: [Table] = [],
    boundary: Boundary? = nil,
    modelText: String = "",
    summary: [(label: String, value: String)] = [],
    failure: String? = nil,
    divergence: Int? = nil,
    expectations: [Expectation] = [],
    warnings: [Advice] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.loss = loss
    self.learningRate = learningRate
    self.tests = tests
    self.iterationsPerEpoch = iterationsPerEpoch
    self.layers = layers
    self.tables = tables
    self.boundary = boundary
    self.modelText = modelText
    self.summary = summary
    self.failure = failure
    self.divergence = divergence
    self.expectations = expectations
    self.warnings = warnings
  }
}

extension ReportContent {
  /// One quantity over the iterations. A value that is not finite leaves a gap in its line.
  package struct Series: Sendable {
    package let name: String
    package let iterations: [Int]
    package let values: [Double]

    package init(name: String, iterations: [Int], values: [Double]) {
      precondition(iterations.count == values.count, "a series needs one value for each iteration")
      self.name = name
      self.iterations = iterations
      self.values = values
    }
  }

  /// Numbers for each class: the names of the columns, then a row for each class.
  package struct Table: Sendable {
    package let title: String
    package let cells: [[String]]

    package init(title: String, cells: [[String]]) {
      self.title = title
      self.cells = cells
    }
  }

  /// A bound of a metric, and the value that the run reached.
  package struct Expectation: Sendable {
    /// The metric with its bound: `test_accuracy >= 0.97`.
    package let text: String
    /// The reached value. Nil when the run did not measure it.
    package let received: String?
    package let isMet: Bool

    package init(text: String, received: String?, isMet: Bool) {
      self.text = text
      self.received = received
      self.isMet = isMet
    }
  }

  /// A warning, and the position in the model file that it concerns.
  package struct Advice: Sendable {
    package let place: String
    package let message: String

    package init(place: String, message: String) {
      self.place = place
      self.message = message
    }
  }

  /// A row of the layer table.
  package struct LayerRow: Sendable {
    package let name: String
    package let type: String
    package let outputShape: String
    package let parameters: Int
    /// The floating-point operations of one forward pass.
    package let flops: Int

    package init(name: String, type: String, outputShape: String, parameters: Int, flops: Int) {
      self.name = name
      self.type = type
      self.outputShape = outputShape
      self.parameters = parameters
      self.flops = flops
    }
  }

  /// The class that the model predicts for each cell of a grid over its two inputs, and the
  /// examples.
  package struct Boundary: Sendable {
    package let columns: Int
    package let rows: Int
    /// The range from the left edge of the first column to the right edge of the last. The
    /// prediction belongs to the centre of a cell.
    package let xRange: ClosedRange<Double>
    package let yRange: ClosedRange<Double>
    /// The classes in row-major order `[rows, columns]`. The first row has the lowest y.
    package let classOfCell: [UInt8]
    /// The probability of each cell's class. Cells of low probability are drawn fainter.
    package let confidence: [Float]?
    package let points: [(x: Float, y: Float, classIndex: Int)]
    package let classNames: [String]
    package let xName: String
    package let yName: String

    package init(
      columns: Int,
      rows: Int,
      xRange: ClosedRange<Double>,
      yRange: ClosedRange<Double>,
      classOfCell: [UInt8],
      confidence: [Float]? = nil,
      points: [(x: Float, y: Float, classIndex: Int)] = [],
      classNames: [String] = [],
      xName: String = "x",
      yName: String = "y"
    ) {
      precondition(columns >= 0 && rows >= 0, "a grid has extents of at least 0")
      precondition(classOfCell.count == columns * rows, "a grid needs one class for each cell")
      precondition(
        confidence.map { $0.count == classOfCell.count } ?? true,
        "a grid needs one confidence for each cell")
      self.columns = columns
      self.rows = rows
      self.xRange = xRange
      self.yRange = yRange
      self.classOfCell = classOfCell
      self.confidence = confidence
      self.points = points
      self.classNames = classNames
      self.xName = xName
      self.yName = yName
    }
  }
}
