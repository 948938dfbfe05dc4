internal import DataFiles
internal import DataSources
internal import ModelFiles
internal import Networks
internal import Tensors
internal import YAML

extension NetworkPlan.WrongLabel {
  /// Describes the wrong label: layer, label, element, example, and the classes that were expected.
  ///
  /// For example `layer 'loss' (SoftmaxWithLoss): label 7 in element [2] of 'lab' (example 13 of
  /// the train data) is not a class: expected an integer from 0 to 4`.
  ///
  /// - Parameter examples: The numbers of the examples in the batch, counted from 0.
  func text(examples: [Int], _ phase: DataPhase) -> String {
    var (rest, place) = (index, [Int]())
    for axis in shape.axes.reversed() {
      place.insert(rest % max(axis, 1), at: 0)
      rest /= max(axis, 1)
    }
    let position = "[\(place.map(String.init).joined(separator: ", "))]"
    // Only a blob whose first axis is the batch has an example to name.
    let example =
      shape.axes.first == examples.count && !place.isEmpty
      ? " (example \(examples[place[0]]) of the \(phase.rawValue) data)" : ""
    let label = Int(exactly: value).map(String.init) ?? "\(value)"
    return
      "\(layer.subject): label \(label) in element \(position) of '\(blob.quotable)'\(example) "
      + "is not a class: expected an integer from 0 to \(classCount - 1)"
  }
}
