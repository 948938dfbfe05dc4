internal import DataFiles
internal import DataSources
internal import Tensors

/// The input and the target of data that provide one of each.
extension Dataset {
  var inputTop: DataTop { tensors[0].top }
  var inputValues: [Float] { inputs[0].allValues }
  var inputNames: [String] { inputTop.valueNames }
  var targetTop: DataTop? { targets.first?.top }
  var targetValues: [Float] { targets.first?.allValues ?? [] }
  /// The names of the classes by index. Nil for numbers and without a target.
  var classes: [String]? { targets.first?.classes }
}

extension ExampleTensor {
  private var all: Range<Int> { 0..<storage.count }
  fileprivate var allValues: [Float] { (try? storage.values(all)) ?? [] }
}

extension DataSignature {
  var inputTop: DataTop { tops[0] }
  var targetTop: DataTop? { targets.first }

  /// Makes the signature of one input `data` and one target `label`.
  ///
  /// - Parameter target: the shape of numbers. Nil for classes.
  init(
    input: Shape, names: [String] = [], target: Shape? = nil, classes: ClassNames? = nil,
    count: Int? = nil
  ) {
    self.init(
      [
        DataTop(DataTop.data, shape: input, valueNames: names),
        target.map { DataTop(DataTop.label, isTarget: true, shape: $0) }
          ?? DataTop(classes: classes),
      ], exampleCount: count)
  }
}
