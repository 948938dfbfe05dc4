package import DataSources
package import Files
internal import Layers
package import Networks
internal import Tensors
internal import YAML

/// Reads and writes files of parameters and data statistics. A parameter has the name
/// `layer.parameter`, and its values are row-major.
///
/// The statistics are in double precision, so that tests and predictions compute the same as the
/// training.
package enum WeightsFile {
  /// The names of the statistics that standardize the inputs.
  private static let (mean, deviation) = ("data.mean", "data.deviation")

  static func isStatistic(_ name: String) -> Bool { name == mean || name == deviation }

  /// Whether a tensor is the `num_batches_tracked` that PyTorch stores beside the running
  /// statistics of a BatchNorm layer.
  ///
  /// dlrun does not need this count.
  static func isBatchCount(_ name: String, _ shape: Shape, of store: ParameterStore) -> Bool {
    let suffix = ".num_batches_tracked"
    guard name.hasSuffix(suffix), shape.count == 1 else { return false }
    let layer = name.dropLast(suffix.count)
    return store.parameters.contains { $0.name.hasPrefix("\(layer).") }
  }

  /// Returns the parameters that weights files contain, with their indices. State that layers carry
  /// from batch to batch is excluded.
  package static func savedParameters(
    of store: ParameterStore
  ) -> [(index: Int, parameter: GraphParameter)] {
    store.parameters.enumerated().filter { !$0.element.declaration.role.isState }
      .map { (index: $0.offset, parameter: $0.element) }
  }

  /// Returns the tensors of a file.
  ///
  /// - Parameter values: Returns a range of the row-major elements of a parameter, by the
  ///   parameter's index.
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

  /// Sets the parameters of a store from a file. Refuses a file that is longer than the parameters
  /// require.
  ///
  /// - Parameter bytes: The bytes of the parameters' values.
  /// - Throws: ``RunFailure`` if the file is unreadable or does not fit.
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

  /// Sets the parameters of a store. Leaves it unchanged if any tensor does not fit.
  ///
  /// - Parameters:
  ///   - inputCount: The number of inputs of an example. Each input has its own statistics.
  ///   - name: The name of the file in failures.
  /// - Returns: The statistics of the inputs, if the file has them.
  /// - Throws: ``RunFailure/refusedInput(_:)`` with the tensors that are missing, extra, of another
  ///   shape, or not finite.
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

  /// The reason why a tensor does not fit the parameter of its name.
  enum Mistake {
    case missing
    case reshaped(Shape, expected: Shape)
    case notFinite

    /// Nil when the tensor fits.
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
