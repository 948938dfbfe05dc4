internal import ModelFiles

/// What a report shows: the values of one run, without any of their looks.
///
/// Every name and text may come from a model file or a data file; the report escapes them all.
package struct ReportContent: Sendable {
  package var title: String
  package var subtitle: String
  /// The training loss of each iteration.
  package var loss: Series
  package var learningRate: Series
  /// The results of the test phase, one series a metric. `test_` and the loss's name is drawn into
  /// the chart of the loss; every other metric has a chart of its own.
  package var tests: [Series]
  /// How many iterations one pass over the training examples takes; nil if that is not known.
  package var iterationsPerEpoch: Double?
  package var layers: [LayerRow]
  /// What metrics tell beside their numbers.
  package var tables: [Table]
  /// The classes over the plane, where a model has two inputs.
  package var boundary: Boundary?
  /// The resolved model file.
  package var modelText: String
  /// The line below the title: final loss, test metrics, examples, seed.
  package var summary: [(label: String, value: String)]
  /// Why the run ended early; nil if it did not.
  package var failure: String?
  /// The iteration at which the run diverged; nil if it did not.
  package var divergence: Int?
  /// What the model file expects of the run.
  package var expectations: [Expectation]
  /// What was seen of the run that seldom ends well.
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
  /// One quantity over the iterations. A value that is not finite is a gap in its line.
  package struct Series: Sendable {
    package let name: String
    package let iterations: [Int]
    package let values: [Double]

    package init(name: String, iterations: [Int], values: [Double]) {
      precondition(iterations.count == values.count, "a series needs one value an iteration")
      self.name = name
      self.iterations = iterations
      self.values = values
    }
  }

  /// Numbers of classes: the names of the columns, then a row for each class.
  package struct Table: Sendable {
    package let title: String
    package let cells: [[String]]

    package init(title: String, cells: [[String]]) {
      self.title = title
      self.cells = cells
    }
  }

  /// A bound of a metric, and what the run reached.
  package struct Expectation: Sendable {
    /// The metric with its bound: `test_accuracy >= 0.97`.
    package let text: String
    /// What was reached; nil if the run did not come to measure it.
    package let received: String?
    package let isMet: Bool

    package init(text: String, received: String?, isMet: Bool) {
      self.text = text
      self.received = received
      self.isMet = isMet
    }
  }

  /// A warning, and the place in the model file that it is about.
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
    /// Floating-point operations of one forward pass.
    package let flops: Int

    package init(name: String, type: String, outputShape: String, parameters: Int, flops: Int) {
      self.name = name
      self.type = type
      self.outputShape = outputShape
      self.parameters = parameters
      self.flops = flops
    }
  }

  /// The class that the model gives to each cell of a grid over its two inputs, and the examples.
  package struct Boundary: Sendable {
    package let columns: Int
    package let rows: Int
    /// From the left edge of the first column to the right edge of the last; a cell is judged at
    /// its middle.
    package let xRange: ClosedRange<Double>
    package let yRange: ClosedRange<Double>
    /// Row-major `[rows, columns]`; the first row has the lowest y.
    package let classOfCell: [UInt8]
    /// The probability of each cell's class; where it is low, the cell is drawn fainter.
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
      precondition(columns >= 0 && rows >= 0, "a grid has no negative extent")
      precondition(classOfCell.count == columns * rows, "a grid needs one class a cell")
      precondition(
        confidence.map { $0.count == classOfCell.count } ?? true,
        "a grid needs one confidence a cell")
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
