internal import DataSources

/// The blob that stands at a place of a list of layers: what a layer without `bottom` reads there.
/// A layer that is in one phase only makes it another one in each.
struct Standing: Equatable {
  private var train: String
  private var test: String

  init(_ name: String) { (train, test) = (name, name) }

  /// The blob of one phase, or of both where they have the same; nil if they have not.
  func name(in phase: DataPhase?) -> String? {
    switch phase {
    case .train: train
    case .test: test
    case nil: train == test ? train : nil
    }
  }

  /// The same with another blob in one phase, or in both.
  func replaced(by other: Standing, in phase: DataPhase?) -> Standing {
    var result = self
    if phase != .test { result.train = other.train }
    if phase != .train { result.test = other.test }
    return result
  }

  func map(_ change: (String) -> String) -> Standing {
    var result = self
    (result.train, result.test) = (change(train), change(test))
    return result
  }
}
