package import DataSources
internal import Layers
package import Models
internal import Tensors

/// Parameters and data statistics as files hold them: by `layer.parameter`, row-major.
package enum WeightsFile {
  /// Names of the statistics that standardize the inputs.
  private static let (mean, deviation) = ("data.mean", "data.deviation")

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
  /// - Returns: the statistics of the inputs, where the file has them.
  /// - Throws: ``RunFailure/refusedInput(_:)`` naming what is missing, extra or of another shape.
  package static func load(
    _ file: Safetensors, into store: ParameterStore, name: String
  ) throws(RunFailure) -> Standardization? {
    var problems: [String] = []
    for parameter in store.parameters {
      let shape = parameter.declaration.shape
      guard let tensor = file[parameter.name] else {
        problems.append("'\(parameter.name)' is missing")
        continue
      }
      if tensor.shape != shape {
        problems.append(
          "'\(parameter.name)': expected \(shape.description), received \(tensor.shape.description)"
        )
      }
    }
    let known = Set(store.parameters.map(\.name) + [mean, deviation])
    for tensor in file.tensors where !known.contains(tensor.name) {
      problems.append("'\(tensor.name)' belongs to no parameter")
    }
    guard problems.isEmpty else {
      throw .refusedInput("\(name) does not fit the model: " + problems.joined(separator: "; "))
    }
    for (index, parameter) in store.parameters.enumerated() {
      if let tensor = file[parameter.name] { store.set(index, rowMajor: tensor.values) }
    }
    guard let mean = file[mean]?.values, let deviation = file[deviation]?.values,
      mean.count == deviation.count, deviation.allSatisfy({ $0 > 0 })
    else { return nil }
    return Standardization(mean: mean, deviation: deviation)
  }
}
