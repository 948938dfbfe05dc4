package import DataSources
package import Files
internal import Layers
package import Networks
internal import Tensors
internal import YAML

/// Parameters and data statistics as files hold them: by `layer.parameter`, row-major. Statistics
/// are in double precision, so that a test and a prediction compute what the training did.
package enum WeightsFile {
  /// Names of the statistics that standardize the inputs.
  private static let (mean, deviation) = ("data.mean", "data.deviation")

  static func isStatistic(_ name: String) -> Bool { name == mean || name == deviation }

  /// Whether a tensor is the `num_batches_tracked` that PyTorch keeps beside the running statistics
  /// of a BatchNorm layer. dlrun needs no such count.
  static func isBatchCount(_ name: String, _ shape: Shape, of store: ParameterStore) -> Bool {
    let suffix = ".num_batches_tracked"
    guard name.hasSuffix(suffix), shape.count == 1 else { return false }
    let layer = name.dropLast(suffix.count)
    return store.parameters.contains { $0.name.hasPrefix("\(layer).") }
  }

  /// What files of weights hold, with its numbers: everything but the state that layers carry from batch to batch.
  package static func savedParameters(
    of store: ParameterStore
  ) -> [(index: Int, parameter: GraphParameter)] {
    store.parameters.enumerated().filter { !$0.element.declaration.role.isState }
      .map { (index: $0.offset, parameter: $0.element) }
  }

  /// The tensors of a file.
  ///
  /// - Parameter values: the row-major elements of a parameter, by its number, in a range.
  package static func tensors(
    _ store: ParameterStore, values: @escaping (Int, Range<Int>) -> [Float],
    _ standardization: Standardization?
  ) -> [SafetensorsWriter.Tensor] {
    var tensors = savedParameters(of: store).map { index, parameter in
      SafetensorsWriter.Tensor(name: parameter.name, shape: parameter.declaration.shape) {
        values(index, $0)
      }
    }
    if let standardization {
      for (name, values) in [
        (mean, standardization.mean), (deviation, standardization.deviation),
      ] {
        tensors.append(
          SafetensorsWriter.Tensor(
            name: name, shape: Shape([values.count]), doubles: values))
      }
    }
    return tensors
  }

  /// Fills a store from a file, which is no longer than that of its parameters can be.
  ///
  /// - Parameter bytes: of the parameters' values.
  /// - Throws: ``RunFailure`` if it cannot be read, or does not fit.
  package static func load(
    _ path: String, bytes: Double, into store: ParameterStore, inputCount: Int
  ) throws(RunFailure) -> Standardization? {
    let headerLimit = Safetensors.headerLimit(parameters: store.parameters.count)
    // Parameters may be in double precision, as statistics are.
    let (size, overflows) = (2 * Int(bytes)).addingReportingOverflow(16 * inputCount + headerLimit)
    let file = try Safetensors(
      path: path, upTo: overflows ? .max : size, headerLimit: headerLimit,
      reading: { name, shape in !isBatchCount(name, shape, of: store) })
    return try load(file, into: store, inputCount: inputCount, name: path)
  }

  /// Fills a store; nothing of it is changed where anything does not fit.
  ///
  /// - Parameters:
  ///   - inputCount: the inputs of an example, each of which has its statistics.
  ///   - name: what a failure calls the file.
  /// - Returns: the statistics of the inputs, where the file has them.
  /// - Throws: ``RunFailure/refusedInput(_:)`` naming what is missing, extra, of another shape, or
  ///   not finite.
  package static func load(
    _ file: Safetensors, into store: ParameterStore, inputCount: Int, name: String
  ) throws(RunFailure) -> Standardization? {
    let tensors = Dictionary(
      file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    func problem(_ name: String, _ shape: Shape) -> String? {
      Mistake(in: tensors[name], of: shape)?.text(of: name)
    }
    let saved = savedParameters(of: store)
    var problems = saved.compactMap { problem($0.parameter.name, $0.parameter.declaration.shape) }
    let isStandardized = tensors[mean] != nil || tensors[deviation] != nil
    if isStandardized {
      let shape = Shape([inputCount])
      problems += [mean, deviation].compactMap { problem($0, shape) }
      if let values = tensors[deviation]?.exactValues, values.contains(where: { $0 <= 0 }) {
        problems.append("'\(deviation)' has a value that is not above 0")
      }
    }
    let known = Set(saved.map(\.parameter.name) + [mean, deviation])
    for tensor in file.tensors
    where !known.contains(tensor.name) && !isBatchCount(tensor.name, tensor.shape, of: store) {
      problems.append("'\(tensor.name.quotable)' belongs to no parameter")
    }
    guard problems.isEmpty else {
      let shown = problems.count > 10 ? problems[..<10] + ["…"] : problems[...]
      throw .refusedInput(
        "\(name.quotable) does not fit the model: \(shown.joined(separator: "; "))")
    }
    for (index, parameter) in saved {
      if let tensor = tensors[parameter.name] { store.set(index, rowMajor: tensor.values) }
    }
    guard let mean = tensors[mean], let deviation = tensors[deviation] else { return nil }
    return Standardization(mean: mean.exactValues, deviation: deviation.exactValues)
  }

  /// Why a tensor of a file cannot be what a model calls by its name.
  enum Mistake {
    case missing
    case reshaped(Shape, expected: Shape)
    case notFinite

    /// Nil if there is none.
    init?(in tensor: Safetensors.Tensor?, of shape: Shape) {
      guard let tensor else {
        self = .missing
        return
      }
      if tensor.shape != shape {
        self = .reshaped(tensor.shape, expected: shape)
      } else if !tensor.values.allSatisfy(\.isFinite) {
        self = .notFinite
      } else {
        return nil
      }
    }

    func text(of name: String) -> String {
      switch self {
      case .missing: "'\(name.quotable)' is missing"
      case .reshaped(let shape, let expected):
        "'\(name.quotable)': expected \(expected.description), received \(shape.description)"
      case .notFinite: "'\(name.quotable)' has a value that is not finite"
      }
    }
  }
}
