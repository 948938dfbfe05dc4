package import DataFiles
package import DataSources
package import Files
internal import Networks
internal import Tensors
internal import YAML

extension PreparedModel {
  /// Makes a batch of examples from the tensors of a file, which have the names that the data
  /// provide: `data` and `label`, or those that the model file states.
  ///
  /// Each input has the shape [N, …], with one example per index of the first axis. A target has N
  /// class numbers or N values. If examples have several positions, it has a class number for each
  /// position. The function ignores other tensors.
  ///
  /// - Parameter name: The name of the file in failures.
  /// - Throws: ``RunFailure/refusedInput(_:)`` with the tensor that does not fit.
  package func batch(
    of file: Safetensors, _ phase: DataPhase, name: String
  ) throws(RunFailure) -> Dataset {
    let graph = phase == .train ? training : testing
    var count: Int?
    var tensors: [ExampleTensor] = []
    for (blob, top) in signature.tops.enumerated() {
      do throws(TensorMistake) {
        let isRead = graph.nodes.contains { $0.bottoms.contains(blob) }
        let tensor = try tensor(file[top.name], top, count: count, isNeeded: isRead)
        count = count ?? tensor.storage.count / max(1, tensor.width)
        tensors.append(tensor)
      } catch {
        if error.isEnvironment { throw .environment(error.message) }
        throw .refusedInput("\(name.quotable): \(error.message)")
      }
    }
    return Dataset(count: count ?? 0, tensors)
  }

  /// The reason why a tensor of a file does not fit.
  private struct TensorMistake: Error {
    let message: String
    var isEnvironment = false
  }

  /// Returns the examples of one tensor.
  ///
  /// - Parameters:
  ///   - count: The number of examples. Nil for the first input, which determines it.
  ///   - isNeeded: Whether the network reads the tensor. If not, a missing target is all zeros.
  private func tensor(
    _ stored: Safetensors.Tensor?, _ top: DataTop, count: Int?, isNeeded: Bool
  ) throws(TensorMistake) -> ExampleTensor {
    let subject = "'\(top.name.quotable)'"
    guard let stored else {
      guard top.isTarget, !isNeeded, let count else {
        throw TensorMistake(
          message: "tensor \(subject) is missing"
            + (count == nil ? "" : ", which the network reads"))
      }
      return try tensor([Float](repeating: 0, count: count * top.width), top)
    }
    let examples = count ?? (stored.shape.rank > 0 ? stored.shape[0] : 0)
    guard examples > 0, stored.shape.axes.first == examples,
      stored.shape.count == examples * top.width
    else {
      let expected = Shape([count ?? training.batchSize] + top.shape.axes)
      throw TensorMistake(
        message: "\(subject): expected "
          + (count == nil ? "a shape such as \(expected.description)" : expected.description)
          + ", received \(stored.shape.description)")
    }
    guard examples <= Int32.max else {
      throw TensorMistake(message: "\(subject) has too many examples")
    }
    if let mistake = mistake(in: stored.values, top) {
      throw TensorMistake(message: "\(subject) \(mistake)")
    }
    return try tensor(stored.values, top.hasClasses ? labelled(top, stored.values) : top)
  }

  private func tensor(_ values: [Float], _ top: DataTop) throws(TensorMistake) -> ExampleTensor {
    guard let storage = FloatStorage(count: values.count) else {
      throw TensorMistake(message: "no memory for \(values.count) values", isEnvironment: true)
    }
    for (index, value) in values.enumerated() { storage[index] = value }
    return ExampleTensor(top, .floats(storage))
  }

  /// Returns the target with the names of its classes: the known names, or one per label that
  /// occurs.
  private func labelled(_ top: DataTop, _ labels: [Float]) -> DataTop {
    let ignored = Set(ignoredLabels.map { Float($0) })
    let greatest = labels.filter { !ignored.contains($0) }.max() ?? 0
    let names = top.classes?.names ?? (0..<Int(greatest) + 1).map(String.init)
    return DataTop(classes: .names(names), shape: top.shape, name: top.name)
  }

  /// Returns why the numbers cannot be values or labels. Nil when they can.
  private func mistake(in values: [Float], _ top: DataTop) -> String? {
    guard top.hasClasses else {
      return values.first { !$0.isFinite }.map { "has the value \($0), which is not finite" }
    }
    let classes = top.classes?.count
    let (limit, ignored) = (Float(classes ?? 1_000_000), Set(ignoredLabels.map { Float($0) }))
    let foreign = values.first {
      !($0 >= 0 && $0 < limit && $0 == $0.rounded() || ignored.contains($0))
    }
    return foreign.map {
      "has the value \($0): expected the number of a class from 0"
        + (classes.map { " to \($0 - 1)" } ?? "")
    }
  }
}
