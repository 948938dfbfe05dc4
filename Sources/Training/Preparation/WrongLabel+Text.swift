internal import DataSources
internal import ModelFiles
internal import Networks
internal import Tensors
internal import YAML

extension NetworkPlan.WrongLabel {
  /// `layer 'loss' (SoftmaxWithLoss): element [2] of 'lab' is label 7, of example 13 of the train
  /// data: expected a class from 0 to 4`
  ///
  /// - Parameter examples: the numbers of the examples in the batch, from 0.
  func text(examples: [Int], _ phase: DataPhase) -> String {
    var (rest, place) = (index, [Int]())
    for axis in shape.axes.reversed() {
      place.insert(rest % max(axis, 1), at: 0)
      rest /= max(axis, 1)
    }
    let position = "[\(place.map(String.init).joined(separator: ", "))]"
    // A blob whose first axis is not the batch's has no example to name.
    let example =
      shape.axes.first == examples.count && !place.isEmpty
      ? " (example \(examples[place[0]]) of the \(phase.rawValue) data)" : ""
    let label = Int(exactly: value).map(String.init) ?? "\(value)"
    return
      "\(layer.subject): label \(label) in element \(position) of '\(blob.quotable)'\(example) "
      + "is not a class: expected an integer from 0 to \(classCount - 1)"
  }
}
