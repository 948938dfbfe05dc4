package import Files
internal import Layers
package import Networks
internal import Plans
internal import Tensors

/// Every tensor of one training step, by name: data, parameters, tops, and their gradients.
///
/// The names are those of the model file. `conv1` is the top of that name, and `conv1.weight` a
/// parameter before the step. `objective` is the minimized sum, and the prefix `grad.` marks its
/// gradients. A statistic that the step changes, such as a running mean, occurs again as
/// `after.bn1.running_mean`. A loss or metric is one number, of shape [].
///
/// If two tops have the same name, as with an in-place layer, the second gets the layer's name as a
/// suffix: `conv1.relu1`.
package enum ModelTrace {
  /// The purposes of the plans that a trace makes.
  package static let purposes: [NetworkPlan.Purpose] = [.inspection]

  /// Runs the step forward and backward.
  ///
  /// - Throws: ``RunFailure`` if the memory does not suffice.
  package static func tensors(of step: FirstStep) throws(RunFailure) -> Safetensors {
    let plan = try step.plan(.inspection)
    let parameters = step.store.parameters.indices.map { step.store.rowMajor($0) }
    plan.plan.run(on: step.workers)
    var names = TraceNames()
    var values: [Safetensors.Tensor] = []
    var gradients: [Safetensors.Tensor] = []
    for (index, parameter) in step.store.parameters.enumerated() {
      let shape = parameter.declaration.shape
      let name = names.take(parameter.name, layer: parameter.owner)
      values.append(Safetensors.Tensor(name: name, shape: shape, values: parameters[index]))
      if parameter.declaration.role == .statistic {
        gradients.append(
          Safetensors.Tensor(
            name: "after.\(name)", shape: shape, values: step.store.rowMajor(index)))
      } else if parameter.isTrainable, let gradient = step.store.rowMajorGradient(index) {
        gradients.append(
          Safetensors.Tensor(name: "grad.\(name)", shape: shape, values: gradient))
      }
    }
    for (index, blob) in step.graph.blobs.enumerated() {
      guard let tensor = plan.values(ofBlob: index) else { continue }
      let layer = blob.producer.map { step.graph.nodes[$0].name }
      let name = names.take(blob.name, layer: layer ?? "data")
      values.append(Safetensors.Tensor(name: name, shape: blob.shape, values: tensor))
      if let gradient = plan.gradient(ofBlob: index) {
        gradients.append(
          Safetensors.Tensor(name: "grad.\(name)", shape: blob.shape, values: gradient))
      }
    }
    let objective = names.take("objective", layer: "objective")
    let loss = Safetensors.Tensor(name: objective, shape: .scalar, values: [Float(plan.loss)])
    return Safetensors(values + [loss] + gradients)
  }
}

/// Assigns names that are unique among the tensors.
private struct TraceNames {
  private var taken: Set<String> = ["__metadata__"]

  /// Returns a free name for a tensor and its related tensors, by appending the layer's name as
  /// often as needed.
  mutating func take(_ name: String, layer: String) -> String {
    var free = name
    while !taken.isDisjoint(with: TraceNames.all(free)) { free += ".\(layer)" }
    taken.formUnion(TraceNames.all(free))
    return free
  }

  private static func all(_ name: String) -> [String] {
    [name, "grad.\(name)", "after.\(name)"]
  }
}
