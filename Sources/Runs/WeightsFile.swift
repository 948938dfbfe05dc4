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
  /// The names of the mean and the deviation that standardize the inputs.
  private static let inputNames = ["data.mean", "data.deviation"]
  /// The names of the mean and the deviation that standardize the targets.
  private static let targetNames = ["data.target_mean", "data.target_deviation"]

  static func isStatistic(_ name: String) -> Bool { (inputNames + targetNames).contains(name) }

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
    _ statistics: DataStatistics
  ) -> [SafetensorsWriter.Tensor] {
    var tensors = savedParameters(of: store).map { index, parameter in
      SafetensorsWriter.Tensor(name: parameter.name, shape: parameter.declaration.shape) {
        values(index, $0)
      }
    }
    for (names, standardization) in [
      (inputNames, statistics.inputs), (targetNames, statistics.targets),
    ] {
      guard let standardization else { continue }
      for (name, values) in zip(names, [standardization.mean, standardization.deviation]) {
        tensors.append(
          SafetensorsWriter.Tensor(name: name, shape: Shape([values.count]), doubles: values))
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
    _ path: String, bytes: Double, into store: ParameterStore, for signature: DataSignature
  ) throws(RunFailure) -> DataStatistics {
    let headerLimit = Safetensors.headerLimit(parameters: store.parameters.count)
    // Parameters may be in double precision, as statistics are.
    let (size, overflows) = (2 * Int(bytes)).addingReportingOverflow(
      16 * (signature.inputCount + signature.valueTargetCount) + headerLimit)
    let file = try Safetensors(
      path: path, upTo: overflows ? .max : size, headerLimit: headerLimit,
      reading: { name, shape in !isBatchCount(name, shape, of: store) })
    return try load(file, into: store, for: signature, name: path)
  }

  /// Sets the parameters of a store. Leaves it unchanged if any tensor does not fit.
  ///
  /// - Parameters:
  ///   - signature: The inputs and targets. Each of their values has its own statistics.
  ///   - name: The name of the file in failures.
  /// - Returns: The statistics that the file has.
  /// - Throws: ``RunFailure/refusedInput(_:)`` with the tensors that are missing, extra, of another
  ///   shape, or not finite.
  package static func load(
    _ file: Safetensors, into store: ParameterStore, for signature: DataSignature, name: String
  ) throws(RunFailure) -> DataStatistics {
    let tensors = Dictionary(
      file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    func problem(_ name: String, _ shape: Shape) -> String? {
      Mistake(in: tensors[name], of: shape)?.text(of: name)
    }
    let saved = savedParameters(of: store)
    var problems = saved.compactMap { problem($0.parameter.name, $0.parameter.declaration.shape) }
    for (names, count) in [
      (inputNames, signature.inputCount), (targetNames, signature.valueTargetCount),
    ] where names.contains(where: { tensors[$0] != nil }) {
      problems += names.compactMap { problem($0, Shape([count])) }
      if let values = tensors[names[1]]?.exactValues, values.contains(where: { $0 <= 0 }) {
        problems.append("'\(names[1])' has a value that is not above 0")
      }
    }
    let known = Set(saved.map(\.parameter.name) + inputNames + targetNames)
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
    func statistics(_ names: [String]) -> Standardization? {
      guard let mean = tensors[names[0]], let deviation = tensors[names[1]] else { return nil }
      return Standardization(mean: mean.exactValues, deviation: deviation.exactValues)
    }
    return DataStatistics(inputs: statistics(inputNames), targets: statistics(targetNames))
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
