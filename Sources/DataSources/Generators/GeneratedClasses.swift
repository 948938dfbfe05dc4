internal import DataFiles
internal import Tensors
internal import YAML

/// The examples of a generator: K classes of n points each, ordered by class and named 0 … K − 1.
struct GeneratedClasses {
  let classCount: Int
  let pointsPerClass: Int
  /// The shape of one example.
  var inputShape = Shape([2])

  /// The number of inputs of an example.
  var inputCount: Int { inputShape.count }

  /// The allowed number of points of a class.
  static let pointRange = 2...100_000

  static let noiseRange = 0.0...1000.0

  /// `x1`, `x2` … The inputs of images have no names.
  private var inputNames: [String] {
    inputShape.rank == 1 ? (1...inputCount).map { "x\($0)" } : []
  }

  /// The names of the classes: 0 … K − 1.
  var names: [String] { (0..<classCount).map(String.init) }

  /// Returns the tensors of an example.
  func tops(_ names: [String]) -> [DataTop] {
    [
      DataTop(DataTop.data, shape: inputShape, valueNames: inputNames),
      DataTop(classes: .names(names)),
    ]
  }

  /// Generates every point with `place`, which writes point `index` of a class.
  ///
  /// - Parameter tops: the tensors of an example.
  ///
  /// `example` counts the points of all classes. It selects the random numbers of a point, so that
  /// no two points share them. Each phase has its own stream.
  func load(
    _ context: DataContext, _ tops: [DataTop],
    _ place: (
      _ class: Int, _ index: Int, _ example: Int, _ random: RandomStream,
      _ point: inout MutableSpan<Float>
    ) -> Void
  ) throws(DataFailure) -> Dataset {
    let count = classCount * pointsPerClass
    let (inputs, targets) = try Dataset.allocate(
      count: count, inputs: inputCount, targets: 1, of: "\(context.phase.rawValue) data")
    let random = RandomStream(
      seed: context.seed, purpose: .generation(phase: context.phase.rawValue))
    let (inputBuffer, targetBuffer) = unsafe (inputs.buffer, targets.buffer)
    var labels = unsafe targetBuffer.mutableSpan
    for example in 0..<count {
      let (label, index) = example.quotientAndRemainder(dividingBy: pointsPerClass)
      let pointBuffer = inputBuffer.extracting(
        example * inputCount..<(example + 1) * inputCount)
      var point = unsafe pointBuffer.mutableSpan
      place(label, index, example, random, &point)
      labels[example] = Float(label)
    }
    return Dataset(
      count: count,
      zip(tops, [inputs, targets]).map { ExampleTensor($0, .floats($1)) })
  }
}
