package import DataSources
internal import Layers
package import Models
internal import Tensors
internal import YAML

/// Parameters and data statistics as files hold them: by `layer.parameter`, row-major.
package enum WeightsFile {
  /// Names of the statistics that standardize the inputs.
  private static let (mean, deviation) = ("data.mean", "data.deviation")

  static func isStatistic(_ name: String) -> Bool { name == mean || name == deviation }

  /// - Parameter values: of the store's parameters, row-major, in their order.
  package static func tensors(
    _ store: ParameterStore, values: [[Float]], _ standardization: Standardization?
  ) -> Safetensors {
    var tensors = zip(store.parameters, values).map { parameter, values in
      Safetensors.Tensor(name: parameter.name, shape: parameter.declaration.shape, values: values)
    }
    if let standardization {
      for (name, values) in [
        (mean, standardization.mean), (deviation, standardization.deviation),
      ] {
        tensors.append(
          Safetensors.Tensor(name: name, shape: Shape([values.count]), values: values))
      }
    }
    return Safetensors(tensors)
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
    var problems = store.parameters.compactMap {
      mistake(in: tensors[$0.name], $0.name, $0.declaration.shape)
    }
    let isStandardized = tensors[mean] != nil || tensors[deviation] != nil
    if isStandardized {
      let shape = Shape([inputCount])
      problems += [mean, deviation].compactMap { mistake(in: tensors[$0], $0, shape) }
      if let values = tensors[deviation]?.values, values.contains(where: { $0 <= 0 }) {
        problems.append("'\(deviation)' has a value that is not above 0")
      }
    }
    let known = Set(store.parameters.map(\.name) + [mean, deviation])
    for tensor in file.tensors where !known.contains(tensor.name) {
      problems.append("'\(tensor.name.quotable)' belongs to no parameter")
    }
    guard problems.isEmpty else {
      let shown = problems.count > 10 ? problems[..<10] + ["…"] : problems[...]
      throw .refusedInput(
        "\(name.quotable) does not fit the model: \(shown.joined(separator: "; "))")
    }
    for (index, parameter) in store.parameters.enumerated() {
      if let tensor = tensors[parameter.name] { store.set(index, rowMajor: tensor.values) }
    }
    guard let mean = tensors[mean], let deviation = tensors[deviation] else { return nil }
    return Standardization(mean: mean.values, deviation: deviation.values)
  }

  /// Why a tensor cannot be what the model calls `name`; nil if it can.
  private static func mistake(
    in tensor: Safetensors.Tensor?, _ name: String, _ shape: Shape
  ) -> String? {
    guard let tensor else { return "'\(name.quotable)' is missing" }
    guard tensor.shape == shape else {
      return "'\(name.quotable)': expected \(shape.description), received "
        + tensor.shape.description
    }
    return tensor.values.allSatisfy(\.isFinite)
      ? nil : "'\(name.quotable)' has a value that is not finite"
  }
}
