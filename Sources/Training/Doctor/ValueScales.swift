internal import DataFiles
internal import DataSources
internal import Kernels
internal import Layers
internal import ModelFiles
internal import Networks
internal import Tensors
internal import YAML

/// Warns of inputs and targets whose magnitude hurts training.
///
/// A layer of units multiplies its inputs by its weights. Large products give large gradients of
/// the weights. Training then diverges, or is slow if the solver bounds its steps. Large targets
/// have the same effect at the output. The checks use the data as the network reads them, before
/// the first update.
enum ValueScales {
  /// The root mean squares of the first layer's outputs that cause no warning.
  private static let outputs = 0.001...30
  /// The root mean squares of inputs that never cause a warning. With such inputs, outputs outside
  /// `outputs` are due to the weights.
  private static let harmlessInputs = 0.1...10
  /// The greatest quotient of the ranges of two columns that causes no warning.
  private static let spread = 1000.0
  /// The root mean squares of a target that cause no warning.
  private static let targets = 0.001...1000

  /// The number of examples that are read if the examples do not lie in memory as the network reads
  /// them.
  private static let sampleCount = 256

  static func warnings(
    _ model: PreparedModel, _ store: ParameterStore, train: Dataset
  ) -> [Warning] {
    // The examples as the network reads them. A failure to read them ends the training itself.
    let isStored = train.transforms == nil && train.isInMemory
    guard let read = isStored ? train : try? train.decoded(first: sampleCount) else { return [] }
    return [inputs(model, store, read), targets(model, read)].compactMap { $0 }
  }

  // MARK: Inputs

  private static func inputs(
    _ model: PreparedModel, _ store: ParameterStore, _ train: Dataset
  ) -> Warning? {
    for (blob, tensor) in zip(model.training.inputBlobs, train.inputs) {
      if let warning = inputs(model, store, tensor, blob, count: train.count) { return warning }
    }
    return nil
  }

  private static func inputs(
    _ model: PreparedModel, _ store: ParameterStore, _ input: ExampleTensor, _ blob: Int, count: Int
  ) -> Warning? {
    let readers = model.training.unitsReading(blob)
    guard !readers.isEmpty else { return nil }
    guard let columns = try? ColumnScales(input, count: count) else { return nil }
    let inputSize = columns.rootMeanSquare
    guard inputSize > 0 else { return nil }
    let advice =
      model.file.data.train.standardizes ? "scale" : "standardize: true, or scale"
    func warning(_ message: String) -> Warning {
      Warning(.inputScale, "train data: \(message)", at: model.file.data.train.mark)
    }
    for index in readers {
      let node = model.training.nodes[index]
      let size = inputSize * gain(of: node, model.training, store)
      guard !outputs.contains(size), !harmlessInputs.contains(inputSize) else { continue }
      let largest = columns.largest
      let isLarge = size > outputs.upperBound
      return warning(
        "the inputs are \(isLarge ? "large" : "small"): their root mean square is "
          + "\(inputSize.brief), and '\(input.top.valueName(largest).quotable)' reaches "
          + "\(columns.size(largest).brief); therefore the outputs of '\(node.name.quotable)' are "
          + "also \(isLarge ? "large" : "small"), and training "
          + "\(isLarge ? "diverges or is slow" : "is slow"); try \(advice): "
          + "\((1 / columns.size(largest)).brief)")
    }
    guard input.top.shape.rank == 1, !model.file.data.train.standardizes,
      let (wide, narrow) = columns.widestAndNarrowest,
      columns.range(wide) > spread * columns.range(narrow)
    else { return nil }
    return warning(
      "the inputs differ in scale: '\(input.top.valueName(wide).quotable)' spreads over "
        + "\(columns.range(wide).brief), and '\(input.top.valueName(narrow).quotable)' over "
        + "\(columns.range(narrow).brief); no step size suits both, and the network learns little "
        + "from the narrow inputs; try standardize: true")
  }

  /// Returns the factor from the root mean square of the inputs to that of a unit's output.
  ///
  /// It is the root mean square norm of the units' weights, or 1 when all weights are 0, because
  /// training changes those.
  private static func gain(
    of node: Graph.Node, _ graph: Graph, _ store: ParameterStore
  ) -> Double {
    guard let parameter = graph.weight(of: node), let layer = node.layer.unitLayer else {
      return 1
    }
    let weights = store.value(parameter)
    var sum = 0.0
    for index in 0..<weights.count { sum += Double(weights[index]) * Double(weights[index]) }
    return sum > 0 ? (sum / Double(layer.unitCount)).squareRoot() : 1
  }

  // MARK: Targets

  private static func targets(_ model: PreparedModel, _ train: Dataset) -> Warning? {
    guard
      let (loss, target) = model.training.lossesOfRawTargets.first(where: {
        !model.training.dataTops[$0.target].hasClasses
      })
    else { return nil }
    let tensor = train.tensors[target]
    guard let columns = try? ColumnScales(tensor, count: train.count) else { return nil }
    let index = columns.largest
    let size = columns.rootMeanSquare(index)
    guard size > 0, !targets.contains(size) else { return nil }
    let names = tensor.top.valueNames
    let name = names.indices.contains(index) ? names[index] : "target"
    let (mean, deviation) = (columns.mean(index), columns.deviation(index))
    let isLarge = size > targets.upperBound
    let (factor, shift) = (1 / deviation, -mean / deviation)
    let isLayer =
      tensor.width == 1 && deviation > 0 && factor <= 1e6 && shift.magnitude <= 1e6
    return Warning(
      .targetScale,
      "train data: the target '\(name.quotable)' is \(isLarge ? "large" : "small"): mean "
        + "\(mean.brief), deviation \(deviation.brief); therefore the loss and the gradients of "
        + "'\(loss.name.quotable)' are also \(isLarge ? "large" : "small"), and training "
        + "\(isLarge ? "diverges or is slow" : "is slow"); state standardize_target: true"
        + (isLayer
          ? ", or add a layer {name: target, type: Power, bottom: \(tensor.name.quotable), scale: \(factor.brief), "
            + "shift: \(shift.brief)} that losses and metrics read instead of "
            + "'\(tensor.name.quotable)'" : ""),
      at: model.file.data.mark(of: names.isEmpty ? "targets" : "target", in: .train))
  }
}

/// The statistics of the values in each column.
private struct ColumnScales {
  private let count: Double
  private let width: Int
  private var least: [Float]
  private var greatest: [Float]
  /// The sums of differences from the first example, so that a large mean does not reduce
  /// precision.
  private var sums: [Double]
  private var squares: [Double]
  private let first: [Float]
  private(set) var rootMeanSquare = 0.0

  /// Computes the statistics.
  ///
  /// - Parameter count: the number of examples, at least one.
  init(_ tensor: ExampleTensor, count: Int) throws(DataFailure) {
    let width = tensor.width
    (self.count, self.width) = (Double(count), width)
    let first = try tensor.values(ofExample: 0)
    self.first = first
    (least, greatest) = (first, first)
    sums = Array(repeating: 0, count: width)
    squares = sums
    var total = 0.0
    var column = 0
    try tensor.storage.forEachPiece { values, _ in
      for index in values.indices {
        let value = values[index]
        least[column] = min(least[column], value)
        greatest[column] = max(greatest[column], value)
        let difference = Double(value) - Double(first[column])
        sums[column] += difference
        squares[column] += difference * difference
        total += Double(value) * Double(value)
        column = column + 1 == width ? 0 : column + 1
      }
      return true
    }
    rootMeanSquare = (total / Double(max(1, tensor.storage.count))).squareRoot()
  }

  /// The column with the value that is farthest from 0.
  var largest: Int { (0..<width).max { size($0) < size($1) } ?? 0 }

  func size(_ column: Int) -> Double {
    Double(max(least[column].magnitude, greatest[column].magnitude))
  }

  func range(_ column: Int) -> Double { Double(greatest[column]) - Double(least[column]) }

  func mean(_ column: Int) -> Double { Double(first[column]) + sums[column] / count }

  func deviation(_ column: Int) -> Double {
    let offset = sums[column] / count
    return max(0, squares[column] / count - offset * offset).squareRoot()
  }

  func rootMeanSquare(_ column: Int) -> Double {
    let (mean, deviation) = (mean(column), deviation(column))
    return (mean * mean + deviation * deviation).squareRoot()
  }

  /// The columns with the widest and the narrowest range. Nil when fewer than two columns vary.
  var widestAndNarrowest: (wide: Int, narrow: Int)? {
    let varying = (0..<width).filter { range($0) > 0 }
    guard varying.count > 1, let wide = varying.max(by: { range($0) < range($1) }),
      let narrow = varying.min(by: { range($0) < range($1) })
    else { return nil }
    return (wide, narrow)
  }
}
