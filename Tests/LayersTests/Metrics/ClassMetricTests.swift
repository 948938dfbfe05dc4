import Files
import Layers
import Oracles
import Testing
import Threads

@Suite("Metrics of classes") struct ClassMetricTests {
  private static func metric(_ yaml: String) throws -> any Metric {
    try #require(try LayerCatalog.all.decoded(yaml).kind.metric)
  }

  @Test(
    "accept existing classes only",
    arguments: [
      ShapeCase("F1Score", [[4, 3], [4]], gives: [[]]),
      ShapeCase(
        "{type: Precision, class: 3}", [[4, 3], [4]],
        refuses: "class: expected one of the 3 classes from 0, received 3"),
      ShapeCase(
        "Recall", [[4, 3], [5]],
        refuses: "scores 4x3 need labels 4 (one class for each position) or 4x3 "
          + "(probabilities), received 5"),
      ShapeCase(
        "ConfusionMatrix", [[4, 1001], [4]],
        refuses: "expected at most 1000 classes in a matrix, received 1001"),
      ShapeCase(
        "{type: Accuracy, top_k: 4}", [[4, 3], [4]],
        refuses: "top_k: expected at most the 3 classes, received 4"),
      ShapeCase("{type: Accuracy, top_k: 3}", [[4, 3], [4]], gives: [[]]),
      ShapeCase("ROCAUC", [[4, 2], [4]], gives: [[]]),
      ShapeCase("ROCAUC", [[4], [4]], gives: [[]]),
      ShapeCase(
        "ROCAUC", [[4, 3], [4]],
        refuses: "expected one or two scores and one label for each example, received scores 4x3 "
          + "and labels 4"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  // Class a: 2 of 3 positions found, 4 predicted. Class b: 1 of 2 found. Class c does not occur.
  private let counts: [Double] = [2, 4, 3, 1, 1, 2, 0, 0, 0]

  private static let meanCases: [(String, Double)] = {
    let (seven, thirteen, third): (Double, Double, Double) = (7.0 / 12, 13.0 / 21, 2.0 / 3)
    return [
      ("Precision", 0.75), ("Recall", seven), ("F1Score", thirteen),
      ("{type: Precision, average: micro}", 0.6), ("{type: Recall, average: micro}", 0.6),
      ("{type: F1Score, average: micro}", 0.6),
      ("{type: Precision, average: weighted}", 0.7), ("{type: Recall, average: weighted}", 0.6),
      ("MeanIoU", 0.45), ("{type: MeanIoU, class: 0}", 0.4), ("{type: IoU, class: 2}", 0),
      ("{type: Recall, class: 0}", third), ("{type: Precision, class: 2}", 0),
    ]
  }()

  @Test("average over the classes", arguments: meanCases)
  func averages(yaml: String, value: Double) throws {
    let metric = try ClassMetricTests.metric(yaml)
    #expect(abs(metric.value(of: counts) - value) < 1e-12)
    #expect(metric.isBetterWhenGreater)
    #expect(metric.value(of: counts.map { _ in 0 }) == 0)
  }

  @Test(
    "are NaN for a label that is not a class",
    arguments: [
      "Accuracy", "ConfusionMatrix", "Precision", "Recall", "F1Score", "MeanIoU",
      "{type: F1Score, average: micro}", "{type: Recall, average: weighted}",
      "{type: Precision, class: 0}",
    ])
  func wrongLabels(yaml: String) throws {
    let run = LayerRun(
      layers: [try ClassMetricTests.metric(yaml)],
      inputs: [Tensor([4, 2], [0, 1, 1, 0, 0, 1, 1, 0]), Tensor([4], [1, 0.5, 1, 0])],
      parameters: [[]], outputGradients: [], needsGradients: [false, false])
    #expect(try run.run(on: Workers(count: 1)).output[0].isNaN)
  }

  @Test("show NaN in their tables for a label that is not a class")
  func wrongLabelsInTables() throws {
    let unknown = [Double](repeating: .nan, count: 9)
    for yaml in ["F1Score", "ConfusionMatrix"] {
      let table = try ClassMetricTests.metric(yaml).table(of: unknown, classNames: [])
      #expect(table?.rows.count == 3)
      #expect(table?.rows.allSatisfy { $0.values.allSatisfy { $0.isNaN } } == true)
    }
  }

  @Test("report the figures of each class by its name or number")
  func table() throws {
    let table = try ClassMetricTests.metric("F1Score").table(of: counts, classNames: ["a", "b"])
    #expect(table?.corner == "class")
    #expect(table?.columns == ["precision", "recall", "f1", "count"])
    #expect(table?.rows.map(\.name) == ["a", "b", "2"])
    let first: [Double] = [0.5, 2.0 / 3, 4.0 / 7, 3]
    #expect(table?.rows.map(\.values)[0] == first)
    #expect(table?.rows.map(\.values)[2] == [0, 0, 0, 0])
  }

  @Test("report the confusion, with the right predictions on the diagonal")
  func confusion() throws {
    let metric = try ClassMetricTests.metric("ConfusionMatrix")
    let statistics: [Double] = [3, 1, 0, 0, 2, 2, 0, 0, 2]
    #expect(metric.value(of: statistics) == 0.7)
    let table = metric.table(of: statistics, classNames: ["x", "y", "z"])
    #expect(table?.columns == ["x", "y", "z"])
    #expect(table?.rows.map(\.values) == [[3, 1, 0], [0, 2, 2], [0, 0, 2]])
  }

  @Test("report the accuracy of each class on request")
  func perClass() throws {
    let metric = try ClassMetricTests.metric("{type: Accuracy, per_class: true}")
    let table = metric.table(of: [3, 6, 1, 4, 2, 2, 0, 0], classNames: [])
    #expect(metric.value(of: [3, 6, 1, 4, 2, 2, 0, 0]) == 0.5)
    #expect(table?.rows.map(\.name) == ["0", "1", "2"])
    #expect(table?.rows.prefix(2).map(\.values) == [[0.25, 4], [1, 2]])
    #expect(table?.rows[2].values[0].isNaN == true)
    #expect(try ClassMetricTests.metric("Accuracy").table(of: [3, 6], classNames: []) == nil)
  }

  @Test("give ROCAUC from pairs, a tie as one half, and NaN if a class is missing")
  func areaUnderCurve() throws {
    let metric = try ClassMetricTests.metric("ROCAUC")
    #expect(metric.keepsExamples)
    #expect(metric.value(of: [0.1, 0, 0.4, 0, 0.35, 1, 0.8, 1]) == 0.75)
    #expect(metric.value(of: [1, 0, 1, 1, 1, 0, 1, 1]) == 0.5)
    #expect(metric.value(of: [2, 0, 1, 1, 9, -1]) == 0)
    #expect(metric.value(of: []).isNaN)
    #expect(metric.value(of: [1, 1, 2, 1]).isNaN)
    #expect(metric.value(of: [1, 1, .nan, 0]).isNaN)
    #expect(metric.value(of: [1, 1, 2, .nan, 0, 0]).isNaN)
  }

  /// The value is the same for any number of slices and batches, because both only append examples.
  @Test("give the same ROCAUC for any slices and batches")
  func joined() throws {
    var numbers = SeededNumbers(seed: 91)
    let scores = numbers.floats(40, in: -2...2)
    let labels = numbers.labels(40, of: 2)
    let metric = try ClassMetricTests.metric("ROCAUC")
    let values = try (1...4).map { sliceCount in
      try LayerRun(
        layers: [metric], inputs: [Tensor([40, 1], scores), Tensor([40], labels)],
        parameters: [[]], outputGradients: [], needsGradients: [false, false],
        sliceCount: sliceCount
      ).run(on: Workers(count: 2)).output[0]
    }
    let pairs = zip(scores, labels).flatMap { [Double($0), Double($1)] }
    #expect(values == Array(repeating: metric.value(of: pairs), count: 4))
  }
}
