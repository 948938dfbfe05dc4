package import DataSources
package import Files
internal import Networks
internal import Tensors
internal import YAML

extension PreparedModel {
  /// A batch of examples from a file: `data` is [N, …] with the values of one example after the
  /// first axis, `label` has N numbers of classes, one a position where there are several, or N targets. Other tensors of the file are
  /// passed over.
  ///
  /// - Parameter name: what a failure calls the file.
  /// - Throws: ``RunFailure/refusedInput(_:)`` saying what does not fit.
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

  /// The classes by number: those that are known, or else as many as the labels need.
  private func classes(of label: Safetensors.Tensor?) -> [String] {
    let ignored = Set(ignoredLabels.map { Float($0) })
    let greatest = (label?.values ?? []).filter { !ignored.contains($0) }.max() ?? 0
    return signature.classes?.names
      ?? (0..<(signature.classes?.count ?? Int(greatest) + 1)).map(String.init)
  }

  /// Why numbers cannot be labels; nil if they can.
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
