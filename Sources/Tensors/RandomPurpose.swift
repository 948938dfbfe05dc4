/// The purpose of random numbers, which selects an independent stream.
///
/// A new layer, or more draws for one purpose, does not change the numbers of another purpose.
package enum RandomPurpose: Sendable {
  /// The initial values of a parameter, named `layer.parameter`.
  case initialization(parameter: String)
  /// The order of the examples in an epoch.
  case shuffle(epoch: Int)
  /// The assignment of a table's rows to parts.
  case split
  /// The examples of a generated data set, named by phase.
  case generation(phase: String)
  /// The noise of a layer in training, with new numbers for every step; see
  /// ``RandomStream/step(_:)``.
  case noise(layer: String)

  /// The changes of the examples by a transform, with new numbers for every epoch; see
  /// ``RandomStream/step(_:)``.
  case augmentation(transform: String)

  /// The purpose as text, which is hashed into the generator's counter.
  var label: String {
    switch self {
    case .initialization(let parameter): "initialization \(parameter)"
    case .shuffle(let epoch): "shuffle \(epoch)"
    case .split: "split"
    case .generation(let phase): "generation \(phase)"
    case .noise(let layer): "noise \(layer)"
    case .augmentation(let transform): "augmentation \(transform)"
    }
  }
}
