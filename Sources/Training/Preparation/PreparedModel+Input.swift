package import DataFiles
package import DataSources
package import Files
internal import Networks
internal import Tensors
internal import YAML

extension PreparedModel {
  /// Makes a batch of examples from the tensors `data` and `label` of a file.
  ///
  /// `data` has the shape [N, …], with one example per index of the first axis. `label` has N class
  /// numbers or N targets. If examples have several positions, it has a class number for each
  /// position. The function ignores other tensors.
  ///
  /// - Parameter name: The name of the file in failures.
  /// - Throws: ``RunFailure/refusedInput(_:)`` with the tensor that does not fit.
  package func batch(
    of file: Safetensors, _ phase: DataPhase, name: String
  ) throws(RunFailure) -> Dataset {
    func refused(_ reason: String) -> RunFailure {
      .refusedInput("\(name.quotable): \(reason)")
    }
    let (inputShape, targetShape) = (signature.inputShape, signature.targetShape)
    guard let data = file["data"] else { throw refused("tensor 'data' is missing") }
    guard data.shape.rank > 0, data.shape[0] > 0, data.shape.example.count == inputShape.count
    else {
      let expected = Shape([training.batchSize] + inputShape.axes)
      throw refused(
        "'data': expected a shape such as \(expected.description), received "
          + data.shape.description)
    }
    guard data.shape[0] <= Int32.max else { throw refused("'data' has too many examples") }
    let (count, width) = (data.shape[0], signature.targetWidth)
    if let value = data.values.first(where: { !$0.isFinite }) {
      throw refused("'data' has the value \(value), which is not finite")
    }
    let graph = phase == .train ? training : testing
    let label = file["label"]
    guard label != nil || !graph.nodes.contains(where: { $0.bottoms.contains(Graph.labelBlob) })
    else { throw refused("tensor 'label' is missing, which the network reads") }
    if let label {
      guard label.shape.count == count * width, label.shape.axes.first == count else {
        let expected = Shape([count] + (targetShape ?? signature.labelShape).axes)
        throw refused(
          "'label': expected \(expected.description), received \(label.shape.description)")
      }
      if let mistake = mistake(in: label.values) { throw refused("'label' \(mistake)") }
    }
    guard let inputs = FloatStorage(count: count * inputShape.count),
      let targets = FloatStorage(count: count * width)
    else { throw .environment("no memory for \(count) examples") }
    for (index, value) in data.values.enumerated() { inputs[index] = value }
    for (index, value) in (label?.values ?? []).enumerated() { targets[index] = value }
    return Dataset(
      count: count, inputs: inputs, targets: targets, inputShape: inputShape,
      targetShape: targetShape, labelShape: signature.labelShape,
      classes: targetShape == nil ? classes(of: label) : nil, inputNames: [], targetNames: [])
  }

  /// Returns the names of the classes by number: the known names, or one per label that occurs.
  private func classes(of label: Safetensors.Tensor?) -> [String] {
    let ignored = Set(ignoredLabels.map { Float($0) })
    let greatest = (label?.values ?? []).filter { !ignored.contains($0) }.max() ?? 0
    return signature.classes?.names
      ?? (0..<(signature.classes?.count ?? Int(greatest) + 1)).map(String.init)
  }

  /// Returns why the numbers cannot be labels. Nil when they can.
  private func mistake(in labels: [Float]) -> String? {
    if signature.targetShape != nil {
      return labels.first { !$0.isFinite }.map { "has the value \($0), which is not finite" }
    }
    let classes = signature.classes?.count
    let (limit, ignored) = (Float(classes ?? 1_000_000), Set(ignoredLabels.map { Float($0) }))
    let foreign = labels.first {
      !($0 >= 0 && $0 < limit && $0 == $0.rounded() || ignored.contains($0))
    }
    return foreign.map {
      "has the value \($0): expected the number of a class from 0"
        + (classes.map { " to \($0 - 1)" } ?? "")
    }
  }
}
